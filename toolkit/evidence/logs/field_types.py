"""The values that a field type of Elasticsearch holds."""

from __future__ import annotations

import re
from typing import Any

WHOLE = frozenset({"long", "integer", "short", "byte", "unsigned_long"})
FRACTIONS = frozenset({"float", "double", "half_float", "scaled_float"})
_TEXT = frozenset({"keyword", "text", "wildcard", "constant_keyword", "match_only_text"})
DATES = frozenset({"date", "date_nanos"})
_DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}([.,]\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?|\d{12,}"
)


def is_of_type(value: Any, wanted: str) -> bool:
    """Return True if a JSON value is stored as ``wanted`` without a change of meaning."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if wanted in WHOLE:
        return number and float(value).is_integer()
    if wanted in FRACTIONS:
        return number
    if wanted in _TEXT:
        return not isinstance(value, dict)
    if wanted in DATES:
        return number or (isinstance(value, str) and _DATE.fullmatch(value) is not None)
    if wanted == "ip":
        return isinstance(value, str)
    if wanted == "boolean":
        return isinstance(value, bool)
    return wanted != "object" or isinstance(value, dict)
