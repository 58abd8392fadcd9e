"""Values that look like others and are nobody else's: ids, and the time of a line."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from hashlib import shake_256
from math import log2

__all__ = ["alike", "renewed"]

_ENOUGH = 60
"""Bits by which an id is told from all others that an index holds."""

_ALPHABETS = (
    "123456789",
    "0123456789abcdef",
    "0123456789ABCDEF",
    "0123456789ABCDEFGHJKMNPQRSTVWXYZ",
    "0123456789abcdefghijklmnopqrstuvwxyz",
)
"""Without a leading zero, which numbers lose, and with Crockford's letters for upper case."""


def alike(value: str, seed: str) -> str | None:
    """A value of the same form that ``seed`` alone decides; None where it could be another's.

    >>> alike("4f9c7d00-12ab-4cde-8f00-a1b2c3d4e5f6", "first")
    '3a1bbae9-005d-f1f5-d307-a0635611dca1'
    >>> alike("42", "first") is None
    True
    """
    varied = [character for character in value if _varies(character)]
    alphabet = next((each for each in _ALPHABETS if {*varied} <= {*each, "0"}), _ALPHABETS[-1])
    if len(varied) * log2(len(alphabet)) < _ENOUGH:
        return None
    made = iter(shake_256(seed.encode()).digest(len(varied)))
    return "".join(
        alphabet[next(made) % len(alphabet)] if _varies(character) else character
        for character in value
    )


def _varies(character: str) -> bool:
    return character.isascii() and character.isalnum()


def renewed(text: str, moment: datetime) -> str:
    """The same line with ``moment`` as the first time in it; fraction and zone stay.

    >>> renewed("10/Jan/2026:00:45:12 +0000 GET", datetime(2026, 11, 25, 1, 2, 3))
    '25/Nov/2026:01:02:03 +0000 GET'
    """
    found = [(match, make) for form, make in _TIMES if (match := form.search(text))]
    if not found:
        return text
    match, make = min(found, key=lambda pair: pair[0].start())
    return text[: match.start()] + make(moment, match) + text[match.end() :]


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH = "|".join(_MONTHS)

_TIMES: tuple[tuple[re.Pattern[str], Callable[[datetime, re.Match[str]], str]], ...] = (
    (
        re.compile(r"\b\d{4}([-/.])\d\d\1\d\d([T _,]|, )\d\d:\d\d:\d\d"),
        lambda at, old: f"{at:%Y}{old[1]}{at:%m}{old[1]}{at:%d}{old[2]}{at:%H:%M:%S}",
    ),
    (
        re.compile(rf"\b\d\d/(?:{_MONTH})/\d{{4}}([: ])\d\d:\d\d:\d\d"),
        lambda at, old: f"{at:%d}/{_MONTHS[at.month - 1]}/{at:%Y}{old[1]}{at:%H:%M:%S}",
    ),
    (
        re.compile(rf"\b(?:{_MONTH}) [ \d]\d (\d{{4}} )?\d\d:\d\d:\d\d"),
        lambda at, old: (
            f"{_MONTHS[at.month - 1]} {at.day:>2} {f'{at:%Y} ' if old[1] else ''}{at:%H:%M:%S}"
        ),
    ),
)
"""ISO 8601 and its kin, that of web servers, that of syslog."""
