"""Fields whose values change from run to run: they need only match a pattern."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any


def without(
    dynamic: Mapping[str, re.Pattern[str] | None], fields: Mapping[str, Any]
) -> dict[str, Any]:
    """Remove the fields that match their pattern, and hashes of no others; names have dots.

    >>> without({"event.ingested": re.compile("^2")}, {"event": {"ingested": "2026", "a": 1}})
    {'event': {'a': 1}}
    """
    kept = dict(fields)
    for name, pattern in dynamic.items():
        kept = _without(kept, name, pattern)
    return kept


def _without(fields: dict[str, Any], name: str, pattern: re.Pattern[str] | None) -> dict[str, Any]:
    if name in fields:
        value = fields[name]
        text = value if isinstance(value, str) else str(value)
        if pattern is not None and not pattern.search(text):
            return fields
        return _other(fields, name)
    first, _, rest = name.partition(".")
    inner = fields.get(first)
    if rest and isinstance(inner, dict):
        left = _without(inner, rest, pattern)
        return {**fields, first: left} if left else _other(fields, first)
    return fields


def _other(fields: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key != name}
