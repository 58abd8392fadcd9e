r"""JSON text as Logstash's json filter reads it: jrjackson 0.4.20 on Jackson 2.15.

Strict JSON, with these freedoms and limits: values may follow one another (the last one
counts), nothing at all is null, a byte order mark is skipped, a number has 10,000 characters
at most. Integers are exact, fractions decimals, and a string ends at half a surrogate pair.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import NoReturn

from toolkit.logstash.event.values import Value, is_unicode

_BLANK = re.compile(r"[ \t\n\r]*")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_MARK = "\ufeff"
_MOST_DIGITS = 10_000
_PYTHON_DIGITS = 4_000
"""`int` reads no more than 4,300 digits at once; `Decimal` reads any number."""
_GREATEST_EXPONENT = 2**31 - 1


def read(text: str) -> Value:
    """Read the last value of ``text``; `ValueError` if it is no JSON to Jackson.

    >>> read('{"a":1.50,"a":[true]} {"b":12345678901234567890}'), read(" ")
    ({'b': 12345678901234567890}, None)
    """
    if not is_unicode(text):
        raise ValueError("invalid UTF-8")
    position = _skip_blank(text, text.startswith(_MARK) and len(text) > 1)
    value: Value = None
    try:
        while position < len(text):
            value, end = _DECODER.raw_decode(text, position)
            position = _skip_blank(text, end)
            if position == end < len(text):
                _check_border(text, end)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return _cut(value) if _SURROGATE_ESCAPE.search(text) else value


def _skip_blank(text: str, start: int) -> int:
    match = _BLANK.match(text, start)
    return match.end() if match else start


def _check_border(text: str, end: int) -> None:
    """A number ends at a blank only; ``true`` where no name could go on."""
    last, following = text[end - 1], text[end]
    if last.isdigit() or (last.isalpha() and (following.isalnum() or following in "_$")):
        raise ValueError(f"`{following}` follows a value at the root")


def _integer(text: str) -> int:
    if len(text) < _PYTHON_DIGITS:
        return int(text)
    return int(_decimal(text))


def _fraction(text: str) -> Decimal:
    number = _decimal(text)
    # Java has no negative zero here.
    return number if number else number.copy_abs()


def _decimal(text: str) -> Decimal:
    if len(text) > _MOST_DIGITS:
        raise ValueError("the number is too long")
    mantissa, _, exponent = text.lower().partition("e")
    scale = len(mantissa.partition(".")[2])
    power = int(exponent or 0) if len(exponent) < _PYTHON_DIGITS else _GREATEST_EXPONENT + 1
    if abs(power) > _GREATEST_EXPONENT or scale - power > _GREATEST_EXPONENT:
        raise ValueError("the exponent is too great")
    return Decimal(text)


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"`{text}` is no number of JSON")


_DECODER = json.JSONDecoder(parse_int=_integer, parse_float=_fraction, parse_constant=_refuse)


def _cut(value: Value) -> Value:
    """End each string before the first half of a surrogate pair, as JRuby does."""
    match value:
        case str():
            return _SURROGATE.split(value, maxsplit=1)[0]
        case list():
            return [_cut(item) for item in value]
        case dict():
            return {str(_cut(name)): _cut(item) for name, item in value.items()}
        case _:
            return value
