"""The regular expression of each part of a Joda-Time format, and the field that it sets.

Joda does not backtrack: a number takes all the digits it may, a name is the longest that fits.
So every quantifier here is possessive and every list of names atomic.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TypeAlias

from toolkit.languages.date_errors import FormatError
from toolkit.languages.date_names import Names
from toolkit.languages.joda_time.fields import FIELDS, Field
from toolkit.languages.joda_time.names import name_values
from toolkit.languages.joda_time.pattern import LETTER_FIELDS, PatternPart
from toolkit.languages.joda_time.zones import (
    ABBREVIATIONS,
    OFFSET,
    find_zone,
    offset_milliseconds,
    zone_ids,
)
from toolkit.languages.time_zones import Zone


@dataclass(frozen=True, slots=True)
class FieldSlot:
    """A group whose text is the value of a field."""

    field: Field
    convert: Callable[[str], int] = int


@dataclass(frozen=True, slots=True)
class OffsetSlot:
    """A group whose text is an offset; converted to milliseconds."""

    convert: Callable[[str], int]


@dataclass(frozen=True, slots=True)
class ZoneSlot:
    """A group whose text names a zone."""

    find: Callable[[str], Zone]


Slot: TypeAlias = FieldSlot | OffsetSlot | ZoneSlot
Piece: TypeAlias = tuple[str, Slot | None]

_SIGNED = frozenset("Cxy")
_YEARS = frozenset("xyY")


def piece(part: PatternPart, following: PatternPart | None, names: Names, this_year: int) -> Piece:
    """Return the regular expression of a part, with one group at most, and what that sets.

    Args:
        part: The part of the format.
        following: The next part: numbers without a separator limit each other.
        names: The names of the locale.
        this_year: Two digits are a year from 80 before this one to 19 after it.
    """
    match part.letter:
        case "":
            return literal(part.text), None
        case _ if part.named:
            return _name(part.named, names)
        case "S":
            return f"([0-9]{{1,{min(part.length, 18)}}}+)", _SECOND_FRACTION
        case "Z" if part.length <= 2:
            return offset(), OFFSET_SLOT
        case "z" | "Z":
            return _zone(part)
        case _ if part.letter in _YEARS and part.length == 2:
            return _two_digit_year(part, following, this_year)
        case _:
            return _number(part, following)


def literal(text: str) -> str:
    """Match a text in upper or lower case."""
    return f"(?i:{re.escape(text)})"


def number(most: int, *, signed: bool = False) -> str:
    """Match as many digits as there are, up to ``most``."""
    return f"({'[-+]?+' if signed else ''}[0-9]{{1,{most}}}+)"


def offset() -> str:
    """Match an offset from UTC, or ``Z``."""
    return f"([zZ]|{OFFSET})"


def read_fraction(span: int, digits: str) -> int:
    """Read decimals of a span of milliseconds; the digit after the last whole one is lost.

    >>> read_fraction(1000, "12"), read_fraction(60_000, "5")
    (120, 30000)
    """
    value = 0
    for digit in digits:
        value += int(digit) * span
        span //= 10
    return value // 10


_SECOND_FRACTION = FieldSlot(FIELDS["fractionOfSecond"], partial(read_fraction, 1000))


def _zulu_offset(text: str) -> int:
    return 0 if text in "zZ" else offset_milliseconds(text)


OFFSET_SLOT = OffsetSlot(_zulu_offset)


def _number(part: PatternPart, following: PatternPart | None) -> Piece:
    name, digits = LETTER_FIELDS[part.letter]
    if part.letter in _YEARS and following and following.is_number:
        # Digits follow: a year may not be longer than it is written in the format.
        digits = 1
    most = max(digits, part.length)
    return number(most, signed=part.letter in _SIGNED), FieldSlot(FIELDS[name])


def _two_digit_year(part: PatternPart, following: PatternPart | None, this_year: int) -> Piece:
    field = FIELDS["weekyear" if part.letter == "x" else "year"]
    first = this_year - 80
    if following and following.is_number:
        return "([0-9]{2})", FieldSlot(field, partial(_nearest, first))
    return r"(\+*+(?:-[0-9]*+|[0-9]++))", FieldSlot(field, partial(_year, first))


def _nearest(first: int, digits: str) -> int:
    """Return the year that ends in these two digits and is not before ``first``."""
    return first + (int(digits) - first) % 100


def _year(first: int, text: str) -> int:
    return _nearest(first, text) if len(text) == 2 and text.isdigit() else int(text.lstrip("+"))


def _name(field: str, names: Names) -> Piece:
    values = name_values(names, field)
    return f"({_any_of(values)})", FieldSlot(FIELDS[field], partial(_value, values))


def _value(values: Mapping[str, int | None], text: str) -> int:
    value = values[text]
    if value is None:
        raise ValueError(f"no date has the name {text!r}")
    return value


def _any_of(words: Iterable[str]) -> str:
    """Match the longest of these words."""
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return f"(?>{'|'.join(map(re.escape, longest_first))})"


def _zone(part: PatternPart) -> Piece:
    if part.letter == "Z":
        return f"({_zone_id()})", ZoneSlot(find_zone)
    if part.length >= 4:
        raise FormatError("Parsing not supported", part.start, part.end)
    return f"({_any_of(ABBREVIATIONS)})", ZoneSlot(_abbreviated)


def _abbreviated(text: str) -> Zone:
    return find_zone(ABBREVIATIONS[text])


@lru_cache(maxsize=1)
def _zone_id() -> str:
    """Match a zone's id. If there is a slash near, Joda looks for ids with a slash only."""
    near = max(name.index("/") + 1 for name in zone_ids() if "/" in name)
    slashed = _any_of(name for name in zone_ids() if "/" in name)
    plain = _any_of(name for name in zone_ids() if "/" not in name)
    return f"(?:(?![^/]{{0,{near - 1}}}/){plain}|{slashed})"
