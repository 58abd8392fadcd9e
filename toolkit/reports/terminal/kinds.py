"""What people call the kinds of values an event holds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from toolkit.logstash.event.values import Timestamp, to_json
from toolkit.reports.terminal.style import visible

_KINDS = (
    (bool, "boolean"),
    (int, "integer"),
    (float, "float"),
    (Decimal, "decimal"),
    (str, "string"),
    (Timestamp, "timestamp"),
    (list, "array"),
    (dict, "hash"),
)


def kind_of(value: Any) -> str:
    """Name the kind of a value.

    >>> [kind_of(value) for value in (True, 1, 1.5, "x", None, [])]
    ['boolean', 'integer', 'float', 'string', 'null', 'array']
    """
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "null")


def shown(value: Any) -> str:
    """Print a value on one line, a string in quotes only where its ends would not be seen.

    >>> [shown(value) for value in ("x", " x", "", 1.0, [1])]
    ['x', '" x"', '""', '1.0', '[1]']
    """
    plain = isinstance(value, str) and value.strip() == value != ""
    text = str(value) if plain or isinstance(value, Timestamp) else to_json(value)
    return visible(text)
