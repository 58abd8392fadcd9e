"""The parts of a Joda-Time format."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from toolkit.languages.date_errors import FormatError

LETTER_FIELDS: Mapping[str, tuple[str, int]] = {
    "C": ("centuryOfEra", 1),
    "x": ("weekyear", 9),
    "y": ("year", 9),
    "Y": ("yearOfEra", 9),
    "M": ("monthOfYear", 2),
    "d": ("dayOfMonth", 2),
    "h": ("clockhourOfHalfday", 2),
    "H": ("hourOfDay", 2),
    "k": ("clockhourOfDay", 2),
    "K": ("hourOfHalfday", 2),
    "m": ("minuteOfHour", 2),
    "s": ("secondOfMinute", 2),
    "e": ("dayOfWeek", 1),
    "D": ("dayOfYear", 3),
    "w": ("weekOfWeekyear", 2),
}
"""The field of each numeric letter, and the digits it may have even with fewer letters."""
_NAMED = {"G": "era", "a": "halfdayOfDay", "E": "dayOfWeek", "M": "monthOfYear"}
_NUMBERS = frozenset(LETTER_FIELDS).difference("M") | {"S"}
_LETTERS = frozenset(LETTER_FIELDS) | frozenset("GaSEzZ")
_PART = re.compile(r"(?P<letter>[A-Za-z])(?P=letter)*|(?:''|'(?:[^']|'')*'?|[^A-Za-z'])+")
"""A run of one letter, or literal text: what is in quotes, and what is no letter."""
_QUOTES = re.compile("''?")
"""Two quotes are a quote, one is none."""


@dataclass(frozen=True, slots=True)
class PatternPart:
    """A run of one letter, or (``letter`` is "") literal text."""

    letter: str
    text: str
    """The run, or the literal text without its quotes."""
    start: int
    end: int

    @property
    def length(self) -> int:
        """The number of equal letters."""
        return len(self.text)

    @property
    def named(self) -> str:
        """The field whose value is printed as a name; empty for other parts."""
        return "" if self.letter == "M" and self.length <= 2 else _NAMED.get(self.letter, "")

    @property
    def is_number(self) -> bool:
        """True if the part is printed in digits."""
        return self.letter in _NUMBERS or (self.letter == "M" and self.length <= 2)


def split_pattern(pattern: str) -> tuple[PatternPart, ...]:
    """Split a format into letters and literals, as Joda-Time does.

    >>> [part.text for part in split_pattern("yyyy-MM'T'''H")]
    ['yyyy', '-', 'MM', "T'", 'H']
    """
    if not pattern:
        raise FormatError("Invalid pattern specification: Pattern is null or empty")
    parts = tuple(map(_part, _PART.finditer(pattern)))
    for part in parts:
        if part.letter and part.letter not in _LETTERS:
            raise FormatError(f"Illegal pattern component: {part.text}", part.start, part.end)
    if not any(part.text for part in parts):
        raise FormatError("Both printing and parsing not supported", 0, len(pattern))
    return parts


def _part(run: re.Match[str]) -> PatternPart:
    letter, text = run["letter"] or "", run[0]
    if not letter:
        text = _QUOTES.sub(lambda quote: quote[0][1:], text)
    return PatternPart(letter, text, *run.span())
