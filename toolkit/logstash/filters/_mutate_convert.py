"""Conversion of one value by mutate's option ``convert``, for each of its types.

Up to plugin 3.5.8 (Logstash 9.2.0) a number is what the text begins with, else 0. Since
3.5.9 (Logstash 9.2.1) the whole text must be a number, ``1e3`` and ``0x10`` are ones, and
anything else is an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from toolkit.languages.releases import at_least
from toolkit.logstash.event.ruby import RubyError, strip, to_f, to_i, to_s
from toolkit.logstash.event.values import Timestamp, Value

Converter: TypeAlias = Callable[[Any], Value]

TYPES = ("string", "integer", "float", "boolean", "integer_eu", "float_eu")

_STRICT_SINCE = "9.2.1"
_MOST_DIGITS = 1_000_000
"""Java's integers end at 646,456,993 digits; none of so many is worth a run's time."""
# The dot between 1 and 0 is any character: the plugin's own expression does not escape it.
_TRUE = re.compile(r"^(?:true|t|yes|y|1|1.0)$", re.IGNORECASE | re.MULTILINE)
_FALSE = re.compile(r"^(?:false|f|no|n|0|0.0)$", re.IGNORECASE | re.MULTILINE)
_DIGITS = "[0-9]+(?:_[0-9]+)*"
_DECIMAL = re.compile(
    rf"([+-]?(?:{_DIGITS}(?:\.{_DIGITS}|\.|_)?|\.{_DIGITS})(?:[ed][+-]?{_DIGITS})?)(?:[\s\0].*)?",
    re.DOTALL,
)
_FLOAT = re.compile(rf"[+-]?(?:{_DIGITS}(?:\.{_DIGITS})?|\.{_DIGITS})(?:e[+-]?{_DIGITS})?")
_HEX = re.compile(r"[+-]?0x[0-9a-f]+(?:_[0-9a-f]+)*")
_HEX_FLOAT = re.compile(r"[+-]?0x[0-9a-f]+(?:\.[0-9a-f]+)?p[+-]?[0-9]+")
_SWAP = str.maketrans(",.", ".,")


def converter(kind: str, release: str) -> Converter:
    """Return the conversion to ``kind``, one of `TYPES`, as Logstash ``release`` does it.

    A hash or an array raises `RubyError` for numbers; what is no boolean stays what it is.
    """
    if kind.endswith("_eu"):
        plain = converter(kind.removesuffix("_eu"), release)
        return lambda value: plain(_swap(value))
    return (_STRICT if at_least(release, _STRICT_SINCE) else _LENIENT)[kind]


def _swap(value: Value) -> Value:
    return value.translate(_SWAP) if isinstance(value, str) else value


def _to_boolean(value: Value) -> Value:
    text = to_s(value)
    if _TRUE.search(text):
        return True
    return False if not text or _FALSE.search(text) else value


def _to_integer(value: Value) -> Value:
    if isinstance(value, str):
        return to_i(value.replace(",", ""))
    return _truncate(value)


def _to_float(value: Value) -> Value:
    if isinstance(value, str):
        return to_f(value.replace(",", ""))
    return _widen(value)


def _truncate(value: Value) -> int:
    """Ruby's ``to_i`` of anything but a string."""
    match value:
        case Timestamp():
            return value.nanoseconds // 1_000_000_000
        case float() if value - value != 0:
            raise RubyError(f"{value} is no integer")
        case Decimal() if value.adjusted() > _MOST_DIGITS:
            raise RubyError("BigInteger would overflow supported range")
        case int() | float() | Decimal():
            return int(value)
        case _:
            raise RubyError("undefined method `to_i'")


def _widen(value: Value) -> float:
    """Ruby's ``to_f`` of anything but a string."""
    match value:
        case Timestamp():
            return value.nanoseconds // 1_000_000 / 1000.0
        case int() | float() | Decimal():
            return _nearest(value)
        case _:
            raise RubyError("undefined method `to_f'")


def _nearest(number: float | Decimal) -> float:
    try:
        return float(number)
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")


def _to_integer_strictly(value: Value) -> Value:
    if not isinstance(value, str):
        return _truncate(value)
    text = _tidy(value)
    if _HEX.fullmatch(text):
        return int(text, 16)
    if _HEX_FLOAT.fullmatch(text) and "." in text:
        return int(float.fromhex(text))
    match = _DECIMAL.fullmatch(text)
    if match is None or "0x" in text:
        raise RubyError(f"invalid value for BigDecimal(): {text}")
    return _truncate(Decimal(match[1].replace("_", "").replace("d", "e")))


def _to_float_strictly(value: Value) -> Value:
    if not isinstance(value, str):
        return _widen(value)
    text = _tidy(value)
    if _HEX.fullmatch(text):
        return _nearest(int(text, 16))
    if _HEX_FLOAT.fullmatch(text):
        return float.fromhex(text)
    if not _FLOAT.fullmatch(text):
        raise RubyError(f"invalid value for Float(): {text}")
    return float(text.replace("_", ""))


def _tidy(text: str) -> str:
    return strip(text).replace(",", "").lower()


_LENIENT: Mapping[str, Converter] = {
    "string": to_s,
    "integer": _to_integer,
    "float": _to_float,
    "boolean": _to_boolean,
}
_STRICT = {**_LENIENT, "integer": _to_integer_strictly, "float": _to_float_strictly}
