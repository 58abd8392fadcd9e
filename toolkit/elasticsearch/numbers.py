"""Numeric fields: coercion and rounding of JSON values.

Whole-number types truncate fractions, strings included, unless ``coerce`` is false; ``""`` is
null. Strings follow Java's ``Double.parseDouble`` (``long``: ``BigDecimal``): blanks around
``" 12"`` are valid for a short and not for a long. As Elasticsearch 9.2.0 does; ``scaled_float``
and ``unsigned_long`` follow their published sources and are not measured.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.elasticsearch import java_numbers as java
from toolkit.elasticsearch.values import MalformedValue, SpelledFloat, spell

WHOLE = {"byte": 8, "short": 16, "integer": 32, "long": 64}
"""Bits of the types of whole numbers."""
FLOATING = ("half_float", "float", "double")


class Reread(SpelledFloat):
    """A fraction in JSON that a field has read, with the values Jackson 2.17 cached for it.

    Multi-fields and targets of ``copy_to`` read the same token again and get the cached value:
    a ``float`` below a ``long`` gets 2.0 of 2.5.
    """

    single: float | None = None
    double: float | None = None


@dataclass(frozen=True, slots=True)
class NumberKind:
    """Common part of the numeric types."""

    type: str
    coerce: bool = True

    def read(self, value: Any) -> Any:
        """Return the stored number, or None; raise `MalformedValue`."""
        if value is None or (value == "" and isinstance(value, str) and self.coerce):
            return None
        if isinstance(value, bool):
            raise MalformedValue(f"Current token (VALUE_{str(value).upper()}) not numeric")
        if isinstance(value, str) and not self.coerce:
            raise MalformedValue(f"{self.type.capitalize()} value passed as String")
        return self.convert(value)

    def convert(self, value: Any) -> Any:
        """Convert a string or a JSON number."""
        raise NotImplementedError

    def show(self, values: Sequence[Any]) -> list[Any]:
        """Return the doc values: sorted, duplicates kept."""
        return sorted(values, key=lambda number: (number, math.copysign(1, number)))

    def remember(self, value: Any) -> Any:
        """Return the JSON value as later readers of the token get it."""
        if not isinstance(value, float):
            return value
        seen = Reread(spell(value))
        seen.single, seen.double = getattr(value, "single", None), getattr(value, "double", None)
        self.mark(seen)
        return seen

    def mark(self, seen: Reread) -> None:
        """Store in a number what Jackson caches when this type reads it."""


class WholeNumber(NumberKind):
    """The types ``byte``, ``short``, ``integer`` and ``long``."""

    __slots__ = ()

    def convert(self, value: Any) -> int:
        """Truncate it to a number in the range of the type."""
        if isinstance(value, str):
            return java.parse_long(value) if self.type == "long" else self._truncate(value)
        number = _java_integer(value, self._java_bits)
        if number not in _range(WHOLE[self.type]):
            raise MalformedValue(
                f"Numeric value ({spell(value)}) out of range of Java {self.type}"
            )
        if not self.coerce and float(number) != float(value):
            raise MalformedValue(
                f"{spell(value)} cannot be converted to {self.type.capitalize()} without data loss"
            )
        return number

    def mark(self, seen: Reread) -> None:
        """Let a ``float`` read the truncated number."""
        if abs(seen) < 2 ** (self._java_bits - 1):
            seen.single = java.round_to("f", math.trunc(seen))

    @property
    def _java_bits(self) -> int:
        """Bits of the Java integer that a JSON number is first converted to."""
        return max(WHOLE[self.type], 32)

    def _truncate(self, text: str) -> int:
        number = java.parse_double(text)
        limits = _range(WHOLE[self.type])
        # Java casts NaN to 0, and no comparison with it is true.
        result = 0 if math.isnan(number) else _truncated(number)
        beyond = number > limits[-1] or number < limits[0] if self.type != "byte" else False
        if beyond or result not in limits:
            raise MalformedValue(f"Value [{text}] is out of range for a {self.type}")
        return result


class FloatingNumber(NumberKind):
    """The types ``half_float``, ``float`` and ``double``."""

    __slots__ = ()

    def convert(self, value: Any) -> float:
        """Round it to the type; raise `MalformedValue` unless it is finite."""
        if self.type == "double":
            number = _double(value)
        else:
            number = _single(value)
            number = java.round_to("e", number) if self.type == "half_float" else number
        if not math.isfinite(number):
            raise MalformedValue(f"[{self.type}] supports only finite values, but got [{number}]")
        return number

    def mark(self, seen: Reread) -> None:
        """Let a ``double`` read the rounded number."""
        if self.type != "double":
            seen.double = java.round_to("f", java.exactly(seen))


@dataclass(frozen=True, slots=True)
class ScaledFloat(NumberKind):
    """The type ``scaled_float``: a long, the value times a scaling factor."""

    scaling_factor: float = 1.0

    def convert(self, value: Any) -> int:
        """Return the scaled value."""
        scaled = _double(value) * self.scaling_factor
        if not math.isfinite(scaled):
            raise MalformedValue(f"[scaled_float] only supports finite values, but got [{value}]")
        longs = _range(64)
        return min(max(math.floor(scaled + 0.5), longs[0]), longs[-1])

    def show(self, values: Sequence[Any]) -> list[Any]:
        """Return the doc values: scaled values times the inverse factor, which is not exact."""
        return [value * (1 / self.scaling_factor) for value in sorted(values)]


class UnsignedLong(NumberKind):
    """The type ``unsigned_long``: 0 to 2^64 - 1, without fractions; it has no ``coerce``."""

    __slots__ = ()

    def convert(self, value: Any) -> int:
        """Return the number; raise `MalformedValue` for a fraction."""
        exact = java.parse_big_decimal(value) if isinstance(value, str) else java.exactly(value)
        if not math.isfinite(exact) or exact != math.floor(exact):
            raise MalformedValue(f'Value "{spell(value)}" has a decimal part')
        # A JSON number with a point or exponent is cast to a signed long.
        number = min(int(exact), 2**63 - 1) if isinstance(value, float) else int(exact)
        if not 0 <= number < 2**64:
            raise MalformedValue(f"Value [{spell(value)}] is out of range for unsigned long")
        return number


def _range(bits: int) -> range:
    return range(-(2 ** (bits - 1)), 2 ** (bits - 1))


def _truncated(number: float) -> int:
    """Cast a double to a Java int; a number out of range becomes one just beyond it."""
    limits = _range(32)
    return int(min(max(number, limits[0] - 1), limits[-1] + 1))


def _java_integer(value: Any, bits: int) -> int:
    """Convert a JSON number to a Java int or long: truncate, and check the range."""
    limits = _range(bits)
    number = value
    if isinstance(value, float):
        if not float(limits[0]) <= value <= float(limits[-1]):
            raise MalformedValue(f"Numeric value ({spell(value)}) out of range")
        number = min(int(value), limits[-1])
    if number not in limits:
        raise MalformedValue(f"Numeric value ({number}) out of range of {bits}-bit integers")
    return int(number)


def _single(value: Any) -> float:
    if isinstance(value, Reread) and value.single is not None:
        return value.single
    quickly = java.nearest_single(float(value)) if isinstance(value, float) else None
    return java.round_to("f", java.exactly(value)) if quickly is None else quickly


def _double(value: Any) -> float:
    if isinstance(value, Reread) and value.double is not None:
        return value.double
    return java.to_double(java.exactly(value))
