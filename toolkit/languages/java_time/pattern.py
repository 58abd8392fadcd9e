"""Patterns such as ``yyyy-MM-dd HH:mm:ss``, letter by letter, as Java reads them.

Messages are Java's own. Names are English, weeks those of the locale ``en``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeAlias

from toolkit.languages.date_errors import FormatError
from toolkit.languages.date_names import ENGLISH
from toolkit.languages.java_time.elements import (
    Element,
    FractionElement,
    LiteralText,
    NameElement,
    NumberElement,
    OptionalSection,
    Padded,
    SignStyle,
    TwoDigitYear,
    adjoin,
    is_number,
)
from toolkit.languages.java_time.zones import Offset, ZoneId

_Rule: TypeAlias = "Callable[[int], Element | None]"
"""Makes the element of a number of equal letters; None if they are too many."""

_TOKEN = re.compile(
    r"'(?P<quoted>(?:[^']|'')*)(?P<close>'?)|(?P<letter>[A-Za-z])(?P=letter)*|.", re.DOTALL
)
_WIDEST = 19
"""The digits of a Java ``long``."""


def parse_pattern(pattern: str, *, reads: bool = True) -> tuple[Element, ...]:
    """Split a pattern into its elements.

    With ``reads``, a pattern is refused whose letters are emulated for printing only.

    Raises:
        FormatError: Java refuses the pattern, or it is not emulated.
    """
    sections: list[list[Element]] = [[]]
    for token, width in _tokens(pattern):
        if token[0] == "[":
            sections.append([])
        elif token[0] == "]":
            if len(sections) == 1:
                raise FormatError(
                    "Pattern invalid as it contains ] without previous [", *token.span()
                )
            _close(sections)
        else:
            element = _letters(token, reads=reads) if token["letter"] else _literal(token)
            if not width and is_number(element) and _ends_padded(sections[-1]):
                raise FormatError("a padded number is followed by a number", *token.span())
            sections[-1].append(Padded(element, width) if width else element)
    while len(sections) > 1:
        _close(sections)
    return adjoin(sections[0])


def _close(sections: list[list[Element]]) -> None:
    if inner := sections.pop():
        sections[-1].append(OptionalSection(adjoin(inner)))


def _ends_padded(elements: Sequence[Element]) -> bool:
    """True after a padded number: Java casts it to a number to adjoin the next, and fails."""
    last = elements[-1] if elements else None
    return isinstance(last, Padded) and is_number(last.inner)


def _tokens(pattern: str) -> Iterator[tuple[re.Match[str], int]]:
    """Yield each part of a pattern with the width to which the ``p`` before it pads it, or 0."""
    pad = None
    for token in _TOKEN.finditer(pattern):
        if pad and not token["letter"]:
            raise _no_padding(pad)
        if token["letter"] == "p":
            pad = token
        else:
            yield token, len(pad[0]) if pad else 0
            pad = None
    if pad:
        raise _no_padding(pad)


def _no_padding(pad: re.Match[str]) -> FormatError:
    return FormatError(
        f"Pad letter 'p' must be followed by valid pad pattern: {pad.string}", *pad.span()
    )


def _literal(token: re.Match[str]) -> Element:
    text = token[0]
    if text in "{}#":
        raise FormatError(f"Pattern includes reserved character: '{text}'", *token.span())
    if token["quoted"] is None:
        return LiteralText(text)
    if not token["close"]:
        raise FormatError(
            f"Pattern ends with an incomplete string literal: {token.string}", *token.span()
        )
    return LiteralText(token["quoted"].replace("''", "'") or "'")


def _letters(token: re.Match[str], *, reads: bool) -> Element:
    run, letter = token[0], token["letter"]
    rule = _RULES.get(letter)
    if rule is None:
        raise FormatError(f"Unknown pattern letter: {letter}", *token.span())
    try:
        element = rule(len(run))
    except ValueError as error:
        raise FormatError(str(error), *token.span()) from error
    if element is None:
        raise FormatError(f"Too many pattern letters: {letter}", *token.span())
    if reads and (letter in _PRINTED_ONLY or run == "ZZZZ"):
        raise FormatError(f"reading `{run}` is not emulated", *token.span())
    return element


def _number(field: str, most: int, count: int) -> Element | None:
    """A number of any width where it has one letter, of 0 to ``most`` digits else."""
    if count == 1:
        return NumberElement(field)
    return NumberElement(field, count, most, SignStyle.NONE) if count <= most else None


def _unsigned(field: str, most: int | None, letters: int, count: int) -> Element | None:
    """A number without a sign; ``most`` digits, or as many as it has letters."""
    return NumberElement(field, count, most or count, SignStyle.NONE) if count <= letters else None


def _wide(field: str, sign: SignStyle, count: int) -> Element:
    if count > _WIDEST:
        raise ValueError(
            f"The minimum width must be from 1 to {_WIDEST} inclusive but was {count}"
        )
    return NumberElement(field, count, _WIDEST, sign)


def _year(field: str, count: int) -> Element:
    if count == 2:
        return TwoDigitYear(field, 2, 2, SignStyle.NONE)
    return _wide(field, SignStyle.NORMAL if count < 4 else SignStyle.EXCEEDS_PAD, count)


def _fraction(count: int) -> Element:
    if count > 9:
        raise ValueError(f"Minimum width must be from 0 to 9 inclusive but was {count}")
    return FractionElement(count, count, point=False)


def _names(field: str, full: Sequence[str], short: Sequence[str], first: int = 1) -> _Rule:
    """Names in three lengths: short, in full (four letters), the first letter (five)."""
    narrow = [name[0] for name in full]

    def rule(count: int) -> Element | None:
        names = {4: full, 5: narrow}.get(count, short)
        return NameElement(field, dict(enumerate(names, first))) if count <= 5 else None

    return rule


def _or_name(number: _Rule, name: _Rule) -> _Rule:
    """A number where there are one or two letters."""
    return lambda count: number(count) if count <= 2 else name(count)


def _lone_weekday(count: int) -> Element | None:
    if count == 2:
        raise ValueError('Invalid pattern "cc"')
    return _unsigned("local_weekday", None, 1, count) if count == 1 else _WEEKDAY(count)


def _half_day(count: int) -> Element | None:
    return NameElement("half", dict(enumerate(ENGLISH.halfdays))) if count == 1 else None


def _day_period(count: int) -> Element:
    if count not in (1, 4, 5):
        raise ValueError("Wrong number of pattern letters: B")
    ends = ("mi", "n") if count == 5 else ("midnight", "noon")
    return NameElement("day_period", dict(enumerate((*ends, *_DAY_PERIODS))))


def _offset(letter: str, count: int) -> Element | None:
    patterns = ("+HHmm", "+HHMM", "+HH:MM", "+HHMMss", "+HH:MM:ss")
    if count > len(patterns):
        return None
    zero = "Z"
    if letter == "x":
        zero = "+00" if count == 1 else "+00:00" if count % 2 else "+0000"
    return Offset(patterns[count - 1], zero)


def _offset_z(count: int) -> Element | None:
    if count < 4:
        return Offset("+HHMM", "+0000")
    return LiteralText("GMT") if count == 4 else Offset("+HH:MM:ss") if count == 5 else None


def _zone_id(count: int) -> Element:
    if count != 2:
        raise ValueError("Pattern letter count must be 2: V")
    return ZoneId()


def _utc(text: str, refusal: str, count: int) -> Element:
    """The name of a zone, one or four letters long; printed instants are in UTC."""
    if count not in (1, 4):
        raise ValueError(refusal)
    return LiteralText(text)


def _zone_name(count: int) -> Element | None:
    return LiteralText("Z") if count <= 4 else None


_DAY_PERIODS = ("at night", "in the morning", "in the afternoon", "in the evening")
_QUARTERS = ("1st quarter", "2nd quarter", "3rd quarter", "4th quarter")
_WEEKDAY = _names("weekday", ENGLISH.weekdays, ENGLISH.short_weekdays)
_MONTH = _or_name(
    partial(_number, "month", 2), _names("month", ENGLISH.months, ENGLISH.short_months)
)
_QUARTER = _or_name(
    partial(_number, "quarter", 2), _names("quarter", _QUARTERS, ("Q1", "Q2", "Q3", "Q4"))
)
_PRINTED_ONLY = frozenset("BFOWgvz")
_RULES: Mapping[str, _Rule] = {
    "G": _names("era", ("Before Christ", "Anno Domini"), ENGLISH.eras, first=0),
    "u": partial(_year, "year"),
    "y": partial(_year, "year_of_era"),
    "Y": partial(_year, "local_week_year"),
    "M": _MONTH,
    "L": _MONTH,
    "Q": _QUARTER,
    "q": _QUARTER,
    "E": _WEEKDAY,
    "e": _or_name(partial(_unsigned, "local_weekday", None, 2), _WEEKDAY),
    "c": _lone_weekday,
    "a": _half_day,
    "B": _day_period,
    "S": _fraction,
    "D": partial(_number, "day_of_year", 3),
    "d": partial(_number, "day", 2),
    "H": partial(_number, "hour", 2),
    "k": partial(_number, "clock_hour", 2),
    "K": partial(_number, "hour12", 2),
    "h": partial(_number, "clock_hour12", 2),
    "m": partial(_number, "minute", 2),
    "s": partial(_number, "second", 2),
    "w": partial(_unsigned, "local_week", 2, 2),
    "W": partial(_unsigned, "week_of_month", None, 1),
    "F": partial(_number, "aligned_weekday_of_month", 1),
    "g": partial(_wide, "modified_julian_day", SignStyle.NORMAL),
    "A": partial(_wide, "milli_of_day", SignStyle.NONE),
    "N": partial(_wide, "nano_of_day", SignStyle.NONE),
    "n": partial(_wide, "nano", SignStyle.NONE),
    "X": partial(_offset, "X"),
    "x": partial(_offset, "x"),
    "Z": _offset_z,
    "V": _zone_id,
    "v": partial(_utc, "Z", "Wrong number of pattern letters: v"),
    "O": partial(_utc, "GMT", "Pattern letter count must be 1 or 4: O"),
    "z": _zone_name,
}
