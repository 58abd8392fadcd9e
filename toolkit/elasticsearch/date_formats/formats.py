"""Date formats: names such as ``strict_date_time``, patterns, and alternatives by ``||``.

A layout is written with one word per element: ``H2`` is an hour of two digits, ``H1-2`` of one
or two, ``Y4x`` a year with a plus sign beyond four digits, ``Y1-9n`` one that may be negative,
``f3`` a fraction of three digits after a point, ``F3`` one without, ``O`` an offset without
colon, ``O:`` one with, ``Z`` a zone or offset, ``[`` and ``]`` enclose an optional section,
``(`` and ``)`` one of its own, and anything else is literal text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from toolkit.elasticsearch.date_formats.epoch import EPOCHS
from toolkit.elasticsearch.date_formats.named import ISO, named_formats
from toolkit.elasticsearch.date_formats.resolution import NoInstant, instant
from toolkit.languages.java_time.elements import (
    Element,
    FractionElement,
    LiteralText,
    NumberElement,
    OptionalSection,
    Section,
    SignStyle,
    adjoin,
)
from toolkit.languages.java_time.parsed import Mismatch, Parsed
from toolkit.languages.java_time.pattern import parse_pattern
from toolkit.languages.java_time.printing import moment
from toolkit.languages.java_time.resolve import Style
from toolkit.languages.java_time.zones import Offset, ZoneId


class _Reader(Protocol):
    def read(self, text: str) -> int: ...


class _Printer(Protocol):
    def write(self, nanoseconds: int) -> str: ...


@dataclass(frozen=True, slots=True)
class _Layout:
    """Elements in a row, and how strictly dates are resolved."""

    whole: Section
    style: Style = "strict"

    def read(self, text: str) -> int:
        parsed = Parsed()
        end = self.whole.read(text, 0, parsed)
        if end < len(text):
            raise Mismatch(f"unparsed text at {end}")
        return instant(parsed, self.style)

    def write(self, nanoseconds: int) -> str:
        return self.whole.write(moment(nanoseconds))


@dataclass(frozen=True, slots=True)
class DateFormat:
    """Alternatives that are tried in turn, and the printer of instants."""

    readers: tuple[_Reader, ...]
    printer: _Printer

    def read(self, text: str) -> int:
        """Parse an instant, in nanoseconds since 1970; raise `Mismatch` with the last reason."""
        last = Mismatch("cannot parse empty datetime")
        for reader in self.readers if text else ():
            try:
                return reader.read(text)
            except NoInstant:
                raise
            except Mismatch as mismatch:
                last = mismatch
        raise last

    def write(self, nanoseconds: int) -> str:
        """Print an instant in UTC; raise `Mismatch` if it cannot be printed."""
        return self.printer.write(nanoseconds)


@cache
def date_format(text: str) -> DateFormat:
    """Compile the ``format`` of a mapping; raise `FormatError` if illegal or not emulated.

    >>> date_format("yyyy-MM-dd||epoch_second").read("86400")
    86400000000000
    """
    formats = [_single(part.strip()) for part in text.split("||")]
    readers = tuple(reader for each in formats for reader in each.readers)
    return DateFormat(readers, formats[0].printer)


def _single(name: str) -> DateFormat:
    if epoch := EPOCHS.get(name):
        return DateFormat((epoch,), epoch)
    named = named_formats().get(name)
    if named is None:
        pattern = _Layout(Section(parse_pattern(name)))
        return DateFormat((pattern,), pattern)
    style = named.get("style", "strict")
    layouts = tuple(_layout(layout, style) for layout in named.get("read", ()))
    readers = layouts or (ISO[name],)
    return DateFormat(readers, _layout(named["write"]) if "write" in named else layouts[0])


_FIELDS = {
    "Y": "year",
    "y": "year_of_era",
    "M": "month",
    "D": "day",
    "J": "day_of_year",
    "V": "week_year",
    "w": "week",
    "E": "weekday",
    "H": "hour",
    "m": "minute",
    "s": "second",
}
_NUMBER = re.compile(r"([YyMDJVwEHmsfF])([0-9]+)(?:-([0-9]+))?([xn]?)")
_SIGNS = {"": SignStyle.NONE, "n": SignStyle.NORMAL, "x": SignStyle.EXCEEDS_PAD}
_ZONES: dict[str, Element] = {"Z": ZoneId(), "O": Offset("+HHmm"), "O:": Offset("+HH:MM")}


def _layout(text: str, style: Style = "strict") -> _Layout:
    return _Layout(Section(_section(iter(text.split()))), style)


def _section(words: Iterator[str]) -> tuple[Element, ...]:
    elements: list[Element] = []
    for word in words:
        if word in ("]", ")"):
            break
        elements.append(_element(word, words))
    return adjoin(elements)


def _element(word: str, words: Iterator[str]) -> Element:
    if word == "[":
        return OptionalSection(_section(words))
    if word == "(":
        return Section(_section(words))
    if word in _ZONES:
        return _ZONES[word]
    if match := _NUMBER.fullmatch(word):
        letter, least, most, sign = match.groups()
        if letter in "fF":
            return FractionElement(int(least), int(most or least), point=letter == "f")
        return NumberElement(_FIELDS[letter], int(least), int(most or least), _SIGNS[sign])
    return LiteralText(word)
