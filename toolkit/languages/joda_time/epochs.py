"""The formats ``UNIX``, ``UNIX_MS`` and ``TAI64N`` of the date filter.

Each function returns milliseconds since 1970, or raises `ValueError` for a value that is no
such time. Sums that leave 64 bits wrap around, as they do in Java.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import TypeAlias

Number: TypeAlias = "int | float | Decimal"

_LAST_SECOND = (1 << 31) - 1
_LONGEST = (1 << 63) - 1
_TAI_MASK = (1 << 62) - 1
_TAI_AHEAD = 10
"""Seconds that TAI was ahead of UTC in 1970; the filter knows of no leap second since."""


def unix(value: str | Number) -> int:
    """Read seconds, with a fraction or without, until January 2038.

    >>> unix("1.25"), unix(Decimal("-0.5"))
    (1250, -500)
    """
    match value:
        case str():
            return _unix_text(value)
        case Decimal():
            _check_end(_wrap(int(value)))
            return _wrap(int(value.scaleb(3)))
        case float():
            _check_end(_saturate(value))
            return _saturate(value * 1000)
        case _:
            return _wrap(_check_end(_long(value)) * 1000)


def unix_ms(value: str | Number) -> int:
    """Read milliseconds.

    >>> unix_ms("1768472430123"), unix_ms(1.9)
    (1768472430123, 1)
    """
    match value:
        case str():
            return _parse_long(value)
        case Decimal():
            milliseconds = _wrap(int(value))
            _check_end(-(-milliseconds // 1000))
            return milliseconds
        case float():
            return _saturate(value)
        case _:
            return _long(value)


def tai64n(text: str) -> int:
    """Read 24 hexadecimal digits after an optional ``@``; what follows them is ignored.

    `IndexError` for a text that is too short: Java's exception for it, which Logstash does
    not survive.

    >>> tai64n("@4000000052f88ea32489532c")
    1392021145612
    """
    digits = text.removeprefix("@")
    seconds = (_parse_long(_cut(digits, 0, 16), 16) & _TAI_MASK) - _TAI_AHEAD
    nanoseconds = _parse_long(_cut(digits, 16, 24), 16)
    if not -_LAST_SECOND - 1 <= nanoseconds <= _LAST_SECOND:
        raise ValueError(f"more than 32 bits: {nanoseconds:x}")
    return _wrap(seconds * 1000 + int(nanoseconds / 1e6))


def _unix_text(text: str) -> int:
    whole, dot, decimals = text.partition(".")
    milliseconds = _wrap(_check_end(_parse_long(whole)) * 1000)
    if not dot:
        return milliseconds
    decimals = decimals[:3]
    return _wrap(milliseconds + _parse_long(decimals) * 10 ** (3 - len(decimals)))


def _check_end(seconds: int) -> int:
    if seconds > _LAST_SECOND:
        raise ValueError("Cannot parse date for value larger than UNIX epoch maximum seconds")
    return seconds


def _cut(text: str, start: int, end: int) -> str:
    if end > len(text):
        raise IndexError(f"Range [{start}, {end}) out of bounds for length {len(text)}")
    return text[start:end]


_INTEGERS = {10: re.compile(r"[+-]?\d+"), 16: re.compile(r"[+-]?[\da-fA-F]+")}


def _parse_long(text: str, base: int = 10) -> int:
    if not _INTEGERS[base].fullmatch(text):
        raise ValueError(f'For input string: "{text}"')
    return _long(int(text, base))


def _long(value: int) -> int:
    if not -_LONGEST - 1 <= value <= _LONGEST:
        raise ValueError(f"more than 64 bits: {value}")
    return value


def _wrap(value: int) -> int:
    return ((value + _LONGEST + 1) & ((1 << 64) - 1)) - _LONGEST - 1


def _saturate(value: float) -> int:
    if math.isnan(value):
        return 0
    if abs(value) >= _LONGEST:
        return _LONGEST if value > 0 else -_LONGEST - 1
    return int(value)
