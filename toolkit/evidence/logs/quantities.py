"""Fields that hold quantities, by their names and values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_STATUS = re.compile(r"(?:^|[._])(?:status|status_?code|response|http_code)$", re.IGNORECASE)
_LATENCY = re.compile(
    r"latency|duration|elapsed|took|(?:request|response|upstream|execution)_time"
    r"|(?:^|[._])(?:ms|millis|milliseconds|secs|seconds|micros)$",
    re.IGNORECASE,
)
_INSTANT = re.compile(r"timestamp|epoch|date|(?:^|[._])ts", re.IGNORECASE)
_SIZE = re.compile(r"(?:^|[._])(?:bytes|size|length|body_sent|count|total|amount)$", re.IGNORECASE)
_LABEL = re.compile(
    r"(?:^|[._-])(?:\w*id|port|zip|zipcode|postcode|version|code|phone|number|no|key|hash|facility"
    r"|year|month|day|hour|minute|second|monthday|ts|timestamp|epoch|date|user|name)$",
    re.IGNORECASE,
)
"""Numbers by which things are called; they are compared, not calculated with."""
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?")
"""With a leading zero it is a code; longer ones lose digits as numbers."""


def is_number(value: Any) -> bool:
    """True for a number, and for a text that can only mean one."""
    if isinstance(value, bool):
        return False
    return isinstance(value, int | float) or bool(_NUMBER.fullmatch(str(value)))


def is_status(name: str, values: Iterable[Any]) -> bool:
    """True if a field holds the status codes of HTTP.

    >>> is_status("status", ["200", "404"]), is_status("status", ["1", "2"])
    (True, False)
    """
    return bool(_STATUS.search(name)) and all(
        is_number(each) and 100 <= float(each) < 600 and float(each).is_integer()
        for each in values
    )


def is_latency(name: str) -> bool:
    """True if the name of a field means a length of time.

    >>> is_latency("latency_ms"), is_latency("ms"), is_latency("timestamp_ms")
    (True, True, False)
    """
    return bool(_LATENCY.search(name)) and not _INSTANT.search(name)


def is_quantity(name: str, values: Iterable[Any]) -> bool:
    """True if the name of a field and its values mean something that is calculated with."""
    values = tuple(values)
    named = is_latency(name) or bool(_SIZE.search(name))
    return is_status(name, values) or (named and all(map(is_number, values)))


def is_label(name: str) -> bool:
    """True if numbers in a field of this name are names of things.

    >>> is_label("zip"), is_label("user_id"), is_label("latency")
    (True, True, False)
    """
    return bool(_LABEL.search(name))
