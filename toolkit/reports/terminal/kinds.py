"""Names of the types of values in an event."""

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
    """Return the name of the type of a value.

    >>> [kind_of(value) for value in (True, 1, 1.5, "x", None, [])]
    ['boolean', 'integer', 'float', 'string', 'null', 'array']
    """
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "null")


def shown(value: Any) -> str:
    """Return a value on one line, a string in quotes only if it is empty or has outer spaces.

    >>> [shown(value) for value in ("x", " x", "", 1.0, [1])]
    ['x', '" x"', '""', '1.0', '[1]']
    """
    plain = isinstance(value, str) and value.strip() == value != ""
    text = str(value) if plain or isinstance(value, Timestamp) else to_json(value)
    return visible(text)
