"""Parsing and rounding of numbers as in Java: string grammars, exact values, binary formats."""

from __future__ import annotations

import math
import re
import struct
from decimal import Decimal
from fractions import Fraction
from typing import Any

from toolkit.elasticsearch.values import MalformedValue, spell

_DECIMAL = re.compile(r"([+-]?)(NaN|Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)")
_HEX = re.compile(r"([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?[0-9]+)")
_BIG_DECIMAL = re.compile(r"[+-]?(?:\d+\.?(\d*)|\.(\d+))(?:[eE]([+-]?\d{1,10}))?")
_JAVA_BLANKS = "".join(map(chr, range(33)))
_WIDEST_SCALE = 19
_LONG = range(-(2**63), 2**63)
_DOUBLE, _SINGLE, _BITS = struct.Struct("<d"), struct.Struct("<f"), struct.Struct("<Q")
_LEAST_SINGLE, _MOST_SINGLE = 2.0**-125, 2.0**127
_BELOW_SINGLE, _MIDDLE = 2**29 - 1, 2**28
"""The bits of a double that a float lacks, and their value halfway between two floats."""
_FORMATS = {"f": (24, -149), "e": (11, -24)}
"""Bits of the significand and exponent of the least number, by `struct` code."""


def parse_double(text: str) -> float:
    """Parse a double as Java's ``Double.parseDouble``; raise `MalformedValue`.

    >>> parse_double(" 1e3 "), parse_double("12.5f"), parse_double("0x1p4")
    (1000.0, 12.5, 16.0)
    """
    return to_double(exactly(text))


def parse_long(text: str) -> int:
    """Parse a string as a long field does, truncating; raise `MalformedValue`.

    >>> parse_long("12.9"), parse_long("1e3")
    (12, 1000)
    """
    if re.fullmatch(r"[+-]?\d+", text) and int(text) in _LONG:
        return int(text)
    match = _match_big_decimal(text)
    if _scale(match) > _WIDEST_SCALE:
        return 0
    number = 2**63 if _scale(match) < -_WIDEST_SCALE else int(Fraction(Decimal(text)))
    if number not in _LONG:
        raise MalformedValue(f"Value [{text}] is out of range for a long")
    return number


def parse_big_decimal(text: str) -> Fraction:
    """Parse a number as Java's ``BigDecimal``; raise `MalformedValue`."""
    _match_big_decimal(text)
    return Fraction(Decimal(text))


def _match_big_decimal(text: str) -> re.Match[str]:
    match = _BIG_DECIMAL.fullmatch(text)
    if match is None or not -(2**31) <= _scale(match) < 2**31:
        raise MalformedValue(f'For input string: "{text}"')
    return match


def _scale(match: re.Match[str]) -> int:
    return len(match[1] or match[2] or "") - int(match[3] or 0)


def exactly(value: Any) -> Fraction | float:
    """Return the unrounded number; a float if a fraction cannot hold it, such as -0.0.

    Strings are parsed as by ``Double.parseDouble``; raise `MalformedValue`.
    """
    if isinstance(value, int):
        return Fraction(value)
    text = spell(value).strip(_JAVA_BLANKS)
    if not text:
        raise MalformedValue("empty String")
    bare = text[:-1] if text[-1] in "fFdD" else text
    if match := _DECIMAL.fullmatch(bare):
        return _exact_unless_extreme(float(bare.replace("Infinity", "inf")), bare)
    if match := _HEX.fullmatch(bare):
        return _from_hex(match)
    raise MalformedValue(f'For input string: "{spell(value)}"')


def _exact_unless_extreme(as_double: float, text: str) -> Fraction | float:
    """Return a fraction, unless a huge exponent would make one that exceeds memory."""
    extreme = as_double == 0 or not math.isfinite(as_double)
    return as_double if extreme else Fraction(Decimal(text))


def _from_hex(match: re.Match[str]) -> Fraction | float:
    sign, whole, part, exponent = match.groups()
    if whole + part == "":
        raise MalformedValue(f'For input string: "{match[0]}"')
    as_double = float.fromhex(f"{sign}0x{whole or '0'}.{part or '0'}p{exponent}")
    if as_double == 0 or not math.isfinite(as_double):
        return as_double
    return int(f"{sign}{whole}{part}", 16) * Fraction(2) ** (int(exponent) - 4 * len(part))


def to_double(number: Fraction | float) -> float:
    """Round to the nearest double; numbers beyond its range become infinite."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def round_to(code: str, number: Fraction | float) -> float:
    """Round half to even to a binary format of `struct`: ``f`` or ``e``.

    >>> round_to("f", Fraction(1, 10)), round_to("e", 65519.0), round_to("e", 65520.0)
    (0.10000000149011612, 65504.0, inf)
    """
    if number == 0 or not math.isfinite(number):
        return float(number)
    exact = Fraction(number)
    digits, least = _FORMATS[code]
    exponent = max(_exponent(abs(exact)) - digits + 1, least)
    steps = round(exact / Fraction(2) ** exponent)
    try:
        rounded = math.copysign(float(abs(steps) * Fraction(2) ** exponent), exact)
        struct.pack(f"<{code}", rounded)
    except OverflowError:
        return math.copysign(math.inf, exact)
    return rounded


def nearest_single(double: float) -> float | None:
    """Return the float nearest to every number that rounds to ``double``.

    None if that is ambiguous: ``double`` lies halfway between two floats, or at the edges of
    their range.

    >>> nearest_single(0.1), nearest_single(1 + 2**-24)
    (0.10000000149011612, None)
    """
    if not _LEAST_SINGLE <= abs(double) <= _MOST_SINGLE:
        return None
    bits: int = _BITS.unpack(_DOUBLE.pack(double))[0]
    if bits & _BELOW_SINGLE == _MIDDLE:
        return None
    rounded: float = _SINGLE.unpack(_SINGLE.pack(double))[0]
    return rounded


def _exponent(number: Fraction) -> int:
    guess = number.numerator.bit_length() - number.denominator.bit_length()
    return guess if Fraction(2) ** guess <= number else guess - 1
