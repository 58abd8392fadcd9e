"""Numeric fields: which number a JSON value becomes, and how it is rounded.

Whole-number types truncate fractions, strings included, unless ``coerce`` is false; ``""`` is
no value. Strings follow Java's ``Double.parseDouble`` (``long``: ``BigDecimal``): blanks around
``" 12"`` are fine for a short and not for a long. As Elasticsearch 9.2.0 does.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from toolkit.elasticsearch.values import Malformed, spell

__all__ = ["Number", "parse_double", "parse_long", "to_float"]

_DECIMAL = re.compile(r"([+-]?)(NaN|Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)")
_HEX = re.compile(r"([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?[0-9]+)")
_BIG_DECIMAL = re.compile(r"[+-]?(?:\d+\.?(\d*)|\.(\d+))(?:[eE]([+-]?\d{1,10}))?")
_JAVA_BLANKS = "".join(map(chr, range(33)))
_WIDEST_SCALE = 19


@dataclass(frozen=True, slots=True)
class Whole:
    """A type of whole numbers."""

    name: str
    low: int
    high: int
    bits: int = 32
    """The Java integer a JSON number passes through."""


WHOLES = {
    whole.name: whole
    for whole in (
        Whole("byte", -(2**7), 2**7 - 1),
        Whole("short", -(2**15), 2**15 - 1),
        Whole("integer", -(2**31), 2**31 - 1),
        Whole("long", -(2**63), 2**63 - 1, 64),
    )
}


@dataclass(frozen=True, slots=True)
class Number:
    """A numeric type with its ``coerce``."""

    type: str
    coerce: bool = True
    scaling_factor: float = 1.0

    def read(self, value: Any) -> Any:
        """The number that is stored, None for none; raises `Malformed`."""
        if value is None or (value == "" and isinstance(value, str) and self.coerce):
            return None
        if isinstance(value, bool):
            raise Malformed(f"Current token (VALUE_{str(value).upper()}) not numeric")
        if isinstance(value, str) and not self.coerce:
            raise Malformed(f"{self.type.capitalize()} value passed as String")
        return self._reader()(value)

    def show(self, values: Sequence[Any]) -> list[Any]:
        """The doc values: sorted, repetitions kept."""
        return sorted(values, key=lambda number: (number, math.copysign(1, number)))

    def _reader(self) -> Callable[[Any], Any]:
        if self.type in WHOLES:
            return self._read_whole
        return {
            "float": self._read_float,
            "half_float": self._read_half_float,
            "double": self._read_double,
            "scaled_float": self._read_scaled,
            "unsigned_long": self._read_unsigned,
        }[self.type]

    def _read_whole(self, value: Any) -> int:
        whole = WHOLES[self.type]
        if isinstance(value, str):
            return parse_long(value) if whole.bits == 64 else _truncate(value, whole)
        number = _java_integer(value, whole.bits)
        if not whole.low <= number <= whole.high:
            raise Malformed(f"Numeric value ({spell(value)}) out of range of Java {whole.name}")
        if not self.coerce and float(number) != float(value):
            raise Malformed(
                f"{spell(value)} cannot be converted to {whole.name.capitalize()} "
                "without data loss"
            )
        return number

    def _read_float(self, value: Any) -> float:
        return _finite(to_float(_exactly(value)), "float")

    def _read_half_float(self, value: Any) -> float:
        single = to_float(_exactly(value))
        if single and math.isfinite(single):
            single = _round(Fraction(single), "e")
        return _finite(single, self.type)

    def _read_double(self, value: Any) -> float:
        return _finite(parse_double(value) if isinstance(value, str) else _double(value), "double")

    def _read_scaled(self, value: Any) -> float:
        """As the reference describes ``scaled_float``: the nearest long multiple is kept."""
        scaled = self._read_double(value) * self.scaling_factor
        steps = math.floor(_finite(scaled, "scaled_float") + 0.5)
        return min(max(steps, -(2**63)), 2**63 - 1) / self.scaling_factor

    def _read_unsigned(self, value: Any) -> int:
        """As the reference describes ``unsigned_long``: 0 to 2^64 - 1, no fraction."""
        match = _BIG_DECIMAL.fullmatch(spell(value))
        if match is None:
            raise Malformed(f'For input string: "{spell(value)}"')
        number = Fraction(Decimal(spell(value)))
        if number.denominator != 1 or not 0 <= number < 2**64:
            raise Malformed(f"Value [{spell(value)}] is out of range for unsigned long")
        return int(number)


def parse_double(text: str) -> float:
    """Read a double as Java's ``Double.parseDouble``; raises `Malformed`.

    >>> parse_double(" 1e3 "), parse_double("12.5f"), parse_double("0x1p4")
    (1000.0, 12.5, 16.0)
    """
    number = _exactly(text)
    return number if isinstance(number, float) else _double(number)


def parse_long(text: str) -> int:
    """Read a long as Elasticsearch reads a string into one, truncating; raises `Malformed`.

    >>> parse_long("12.9"), parse_long("1e3")
    (12, 1000)
    """
    if re.fullmatch(r"[+-]?\d+", text) and -(2**63) <= int(text) < 2**63:
        return int(text)
    match = _BIG_DECIMAL.fullmatch(text)
    if match is None or not -(2**31) <= _scale(match) < 2**31:
        raise Malformed(f'For input string: "{text}"')
    if _scale(match) > _WIDEST_SCALE:
        return 0
    number = 2**63 if _scale(match) < -_WIDEST_SCALE else int(Fraction(Decimal(text)))
    if not -(2**63) <= number < 2**63:
        raise Malformed(f"Value [{text}] is out of range for a long")
    return number


def to_float(number: Fraction | float) -> float:
    """Round to the nearest 32-bit float, half to even; too big ones become infinite."""
    return _round(number, "f") if isinstance(number, Fraction) else number


def _scale(match: re.Match[str]) -> int:
    return len(match[1] or match[2] or "") - int(match[3] or 0)


def _truncate(text: str, whole: Whole) -> int:
    number = parse_double(text)
    through = WHOLES["integer"] if whole.name == "byte" else whole
    if number < through.low or number > through.high:
        raise Malformed(f"Value [{text}] is out of range for a {whole.name}")
    # Java casts NaN to 0, and comparisons let it pass.
    result = 0 if math.isnan(number) else int(number)
    if not whole.low <= result <= whole.high:
        raise Malformed(f"Value [{text}] is out of range for a {whole.name}")
    return result


def _java_integer(value: Any, bits: int) -> int:
    """A JSON number as a Java int or long: a fraction is cut off, a range is kept."""
    low, high = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    if isinstance(value, int):
        number = value
    else:
        if not float(low) <= value <= float(high):
            raise Malformed(f"Numeric value ({spell(value)}) out of range")
        number = min(int(value), high)
    if not low <= number <= high:
        raise Malformed(f"Numeric value ({number}) out of range of {bits}-bit integers")
    return number


def _exactly(value: Any) -> Fraction | float:
    """The number itself, unrounded; a float where it is none that a fraction can hold."""
    if isinstance(value, int):
        return Fraction(value)
    text = spell(value).strip(_JAVA_BLANKS)
    if text == "":
        raise Malformed("empty String")
    suffixed = text[:-1] if text[-1] in "fFdD" and not text.lower().startswith("0x") else text
    if match := _DECIMAL.fullmatch(suffixed):
        return _from_decimal(match)
    if match := _HEX.fullmatch(text.rstrip("fFdD") if "p" in text.lower() else text):
        return _from_hex(match, text)
    raise Malformed(f'For input string: "{spell(value)}"')


def _from_decimal(match: re.Match[str]) -> Fraction | float:
    text = match[0]
    as_double = float(text.replace("Infinity", "inf"))
    # -0.0 has no fraction, and a huge exponent no fraction that fits into memory.
    if as_double == 0 or not math.isfinite(as_double):
        return as_double
    return Fraction(Decimal(text))


def _from_hex(match: re.Match[str], text: str) -> Fraction | float:
    sign, whole, part, exponent = match.groups()
    if whole + part == "":
        raise Malformed(f'For input string: "{text}"')
    as_double = float.fromhex(f"{sign}0x{whole or '0'}.{part or '0'}p{exponent}")
    if as_double == 0 or not math.isfinite(as_double):
        return as_double
    return int(f"{sign}{whole}{part}", 16) * Fraction(2) ** (int(exponent) - 4 * len(part))


def _double(number: Any) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def _round(number: Fraction, code: str) -> float:
    """Round half to even to a binary format of `struct`, from the exact number."""
    digits, least = {"f": (24, -149), "e": (11, -24)}[code]
    if number == 0:
        return 0.0
    exponent = max(_exponent(abs(number)) - digits + 1, least)
    scaled = number / Fraction(2) ** exponent
    rounded = float(Fraction(round(scaled)) * Fraction(2) ** exponent)
    try:
        struct.pack(f"<{code}", rounded)
    except OverflowError:
        return math.copysign(math.inf, rounded)
    return math.copysign(rounded, number)


def _exponent(number: Fraction) -> int:
    guess = number.numerator.bit_length() - number.denominator.bit_length()
    return guess if Fraction(2) ** guess <= number else guess - 1


def _finite(number: float, name: str) -> float:
    if not math.isfinite(number):
        raise Malformed(f"[{name}] supports only finite values, but got [{number}]")
    return number
