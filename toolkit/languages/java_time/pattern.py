"""Patterns such as ``yyyy-MM-dd HH:mm:ss``, letter by letter, as Java reads them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from toolkit.languages.java_time.elements import (
    Element,
    Fraction,
    Literal,
    Name,
    Number,
    Optional,
    Padded,
    Sign,
    Year2,
)
from toolkit.languages.java_time.zones import Offset, Zone

__all__ = ["BadPattern", "adjoin", "parse_pattern"]


class BadPattern(ValueError):
    """No pattern that Java accepts, or one that is not emulated."""

    def __init__(self, reason: str, *, unsupported: bool = False) -> None:
        super().__init__(reason)
        self.unsupported = unsupported


_MONTHS = [
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_QUARTERS = {
    3: ("Q1", "Q2", "Q3", "Q4"),
    4: ("1st quarter", "2nd quarter", "3rd quarter", "4th quarter"),
    5: ("1", "2", "3", "4"),
}
_ERAS = {4: ("Before Christ", "Anno Domini"), 5: ("B", "A")}
_FIELDS = {
    "u": "year",
    "y": "year_of_era",
    "M": "month",
    "L": "month",
    "Q": "quarter",
    "q": "quarter",
    "d": "day",
    "D": "day_of_year",
    "H": "hour",
    "k": "clock_hour",
    "K": "hour12",
    "h": "clock_hour12",
    "m": "minute",
    "s": "second",
    "A": "milli_of_day",
    "N": "nano_of_day",
    "n": "nano",
    "a": "half",
    "E": "weekday",
    "G": "era",
    "Y": "local_week_year",
    "w": "local_week",
    "e": "local_weekday",
    "c": "local_weekday",
}
_TOKEN = re.compile(r"'((?:[^']|'')*)'|(p+)|([A-Za-z])\3*|(.)", re.DOTALL)
_Choices = Mapping[int, Callable[[], Element]]


def parse_pattern(text: str) -> tuple[Element, ...]:
    """The elements of a pattern; raises `BadPattern`."""
    sections: list[list[Element]] = [[]]
    pad = 0
    at = 0
    while match := _TOKEN.match(text, at):
        at = match.end()
        if match[2]:
            pad = len(match[2])
            continue
        if match[0] == "[":
            sections.append([])
        elif match[0] == "]":
            if len(sections) == 1:
                raise BadPattern("Pattern invalid as it contains ] without previous [")
            inner = sections.pop()
            sections[-1] += [Optional(adjoin(inner))] if inner else []
        else:
            element = _letters(match[0]) if match[3] else _literal(match)
            sections[-1].append(Padded(element, pad) if pad else element)
        pad = 0
    if at < len(text) or pad:
        raise BadPattern(f"Pattern is incomplete: {text}")
    while len(sections) > 1:
        inner = sections.pop()
        sections[-1].append(Optional(adjoin(inner)))
    return adjoin(sections[0])


def adjoin(elements: Sequence[Element]) -> tuple[Element, ...]:
    """Let a number leave digits to fixed ones that follow it at once, as in ``yyyyMMdd``."""
    joined: list[Element] = []
    base = -1
    for element in elements:
        head = joined[base] if base >= 0 else None
        numeric = isinstance(element, Number) or (isinstance(element, Fraction) and element.fixed)
        if isinstance(head, Number) and isinstance(element, Number | Fraction) and element.fixed:
            joined[base] = head.reserve(element.most)
        else:
            base = len(joined) if numeric else -1
        joined.append(element)
    return tuple(joined)


def _literal(match: re.Match[str]) -> Element:
    text = match[0]
    if text in "{}#":
        raise BadPattern(f"Pattern includes reserved character: '{text}'")
    if text == "'":
        raise BadPattern("Pattern ends with an incomplete string literal")
    if match[1] is None:
        return Literal(text)
    return Literal(match[1].replace("''", "'") if match[1] else "'")


def _letters(run: str) -> Element:
    letter, count = run[0], len(run)
    for letters, element in _RULES.items():
        if letter in letters:
            return element(letter, count)
    if letter in "WFgBvzO":
        raise BadPattern(f"`{run}` is not emulated", unsupported=True)
    raise BadPattern(f"Unknown pattern letter: {letter}")


def _year(letter: str, count: int) -> Element:
    if count == 2:
        return Year2(_FIELDS[letter], 2, 2, Sign.NONE)
    return Number(_FIELDS[letter], count, 19, Sign.NORMAL if count < 4 else Sign.EXCEEDS_PAD)


def _short_number(letter: str, count: int) -> Element:
    field = _FIELDS[letter]
    if count == 1:
        return Number(field)
    if count == 2:
        return Number(field, 2, 2, Sign.NONE)
    raise BadPattern(f"Too many pattern letters: {letter}")


def _month(letter: str, count: int) -> Element:
    if count <= 2:
        return _short_number(letter, count)
    return _named(letter, count, _widths(_MONTHS, count))


def _quarter(letter: str, count: int) -> Element:
    if count <= 2:
        return _short_number(letter, count)
    return _named(letter, count, _QUARTERS.get(count, ()))


def _weekday(letter: str, count: int) -> Element:
    return _named(letter, count, _widths(_DAYS, count))


def _era(letter: str, count: int) -> Element:
    return _named(letter, count, _ERAS.get(count, ("BC", "AD")), first=0)


def _widths(names: Sequence[str], count: int) -> Sequence[str]:
    """Names in full, cut to three letters, or to one."""
    return [name[: {4: None, 5: 1}.get(count, 3)] for name in names]


def _named(letter: str, count: int, names: Sequence[str], *, first: int = 1) -> Element:
    if count > 5:
        raise BadPattern(f"Too many pattern letters: {letter}")
    return Name(_FIELDS[letter], dict(enumerate(names, first)))


def _week(letter: str, count: int) -> Element:
    if count > 2:
        raise BadPattern(f"Too many pattern letters: {letter}")
    return Number(_FIELDS[letter], count, 2, Sign.NONE)


def _local_weekday(letter: str, count: int) -> Element:
    if count > 2:
        return _weekday("E", count)
    if letter == "c" and count == 2:
        raise BadPattern(f"Invalid pattern '{letter * count}'")
    return Number(_FIELDS[letter], count, 2, Sign.NONE)


def _half(letter: str, count: int) -> Element:
    if count > 1:
        raise BadPattern(f"Too many pattern letters: {letter}")
    return Name("half", {0: "AM", 1: "PM"})


def _day_of_year(letter: str, count: int) -> Element:
    if count > 3:
        raise BadPattern(f"Too many pattern letters: {letter}")
    return Number("day_of_year", count, 3, Sign.NONE) if count > 1 else Number("day_of_year")


def _fraction(letter: str, count: int) -> Element:
    if count > 9:
        raise BadPattern("a fraction has at most 9 digits")
    return Fraction(count, count, point=False)


def _count(letter: str, count: int) -> Element:
    return Number(_FIELDS[letter], count, 19, Sign.NONE)


def _offset(letter: str, count: int) -> Element:
    patterns = ("+HHmm", "+HHMM", "+HH:MM", "+HHMMss", "+HH:MM:ss")
    if count > len(patterns):
        raise BadPattern(f"Too many pattern letters: {letter}")
    zero = "Z"
    if letter == "x":
        zero = "+00" if count == 1 else "+00:00" if count % 2 else "+0000"
    return Offset(patterns[count - 1], zero)


def _offset_z(letter: str, count: int) -> Element:
    if count < 4:
        return Offset("+HHMM", "+0000")
    if count == 4:
        raise BadPattern("`ZZZZ` is not emulated", unsupported=True)
    return _offset("X", count)


def _zone_id(letter: str, count: int) -> Element:
    if count != 2:
        raise BadPattern(f"Pattern letter count must be 2: {letter}")
    return Zone()


_RULES: Mapping[str, Callable[[str, int], Element]] = {
    "uyY": _year,
    "ML": _month,
    "Qq": _quarter,
    "dHkKhms": _short_number,
    "D": _day_of_year,
    "E": _weekday,
    "w": _week,
    "ec": _local_weekday,
    "a": _half,
    "G": _era,
    "S": _fraction,
    "AnN": _count,
    "Xx": _offset,
    "Z": _offset_z,
    "V": _zone_id,
}
