"""java.time formats (``DateTimeFormatter.ofPattern`` of Java 17), as ``%{{...}}`` prints them.

Of such a format only printing is needed, of an instant in UTC and in English; every
optional section is printed then, since an instant has all fields.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from typing import TypeAlias

from toolkit.languages.java_time.utc_fields import VALUES, Moment, day_period
from toolkit.languages.joda_time.errors import FormatError
from toolkit.languages.joda_time.names import ENGLISH

__all__ = ["format_java"]

_Printer: TypeAlias = Callable[[Moment], str]
_Letter: TypeAlias = "Callable[[str, int], _Printer]"

_TOKEN = re.compile(
    r"'(?P<quoted>(?:[^']|'')*)(?P<close>'?)|(?P<letter>[A-Za-z])(?P=letter)*|.", re.S
)
_WIDEST = 19


def format_java(pattern: str, nanoseconds: int) -> str:
    """Print an instant in UTC as ``%{{pattern}}`` does; `FormatError` for an illegal pattern.

    >>> format_java("uuuu-MM-dd'T'HH:mm[:ss.SSSSSS]X", 1_768_472_430_123_456_789)
    '2026-01-15T10:20:30.123456Z'
    """
    moment = Moment.of(nanoseconds)
    return "".join([printer(moment) for printer in _compile(pattern)])


@lru_cache(maxsize=256)
def _compile(pattern: str) -> tuple[_Printer, ...]:
    return tuple(_printers(pattern))


def _printers(pattern: str) -> Iterator[_Printer]:
    depth, after_padded_number = 0, False
    for token, pad in _elements(pattern):
        if token["letter"]:
            printer = _letter(token)
            is_number = _is_number(token)
            if after_padded_number and is_number and not pad:
                raise FormatError("a padded number is followed by a number", *token.span())
            after_padded_number = is_number and pad > 0
            yield partial(_padded, printer, pad) if pad else printer
        else:
            after_padded_number = False
            depth += {"[": 1, "]": -1}.get(token[0], 0)
            yield partial(_constant, _literal(token, depth))


def _elements(pattern: str) -> Iterator[tuple[re.Match[str], int]]:
    """Each part of a format, and the width it is padded to by the ``p`` before it, or 0."""
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


def _is_number(token: re.Match[str]) -> bool:
    most = {**dict.fromkeys("QqMLe", 2), "c": 1, **dict.fromkeys("aEGBVvzOXxZ", 0)}
    return len(token[0]) <= most.get(token["letter"], _WIDEST)


def _literal(token: re.Match[str], depth: int) -> str:
    """Return what a part that is no letter prints; brackets print nothing."""
    match token[0]:
        case "[" | "]":
            if depth < 0:
                raise FormatError(
                    "Pattern invalid as it contains ] without previous [", *token.span()
                )
            return ""
        case "{" | "}" | "#":
            raise FormatError(f"Pattern includes reserved character: '{token[0]}'", *token.span())
        case text if token["quoted"] is None:
            return text
        case _ if not token["close"]:
            raise FormatError(
                f"Pattern ends with an incomplete string literal: {token.string}", *token.span()
            )
        case _:
            return token["quoted"].replace("''", "'") or "'"


def _letter(token: re.Match[str]) -> _Printer:
    make = _LETTERS.get(token["letter"])
    if make is None:
        raise FormatError(f"Unknown pattern letter: {token['letter']}", *token.span())
    try:
        return make(token["letter"], len(token[0]))
    except ValueError as error:
        raise FormatError(str(error), *token.span()) from error


def _constant(text: str, _: Moment) -> str:
    return text


def _padded(printer: _Printer, width: int, moment: Moment) -> str:
    text = printer(moment)
    if len(text) > width:
        raise FormatError(
            f"Cannot print as output of {len(text)} characters exceeds pad width of {width}"
        )
    return text.rjust(width)


def _too_many(letter: str) -> ValueError:
    return ValueError(f"Too many pattern letters: {letter}")


def _up_to(most: int, letter: str, count: int) -> _Printer:
    """A number of at least ``count`` digits."""
    if count > most:
        raise _too_many(letter)
    return _number(letter, count)


def _number(letter: str, count: int) -> _Printer:
    if count > _WIDEST:
        raise ValueError(
            f"The minimum width must be from 1 to {_WIDEST} inclusive but was {count}"
        )
    return partial(_digits, VALUES[letter], count)


def _digits(value: Callable[[Moment], int], width: int, moment: Moment) -> str:
    number = value(moment)
    return f"{'-' if number < 0 else ''}{abs(number):0{width}d}"


def _year(letter: str, count: int) -> _Printer:
    if count == 2:
        return partial(_year_of_century, VALUES[letter])
    number = _number(letter, count)
    if count < 4 or count == _WIDEST:
        return number
    if count > 10:
        raise ValueError(f"Index {count} out of bounds for length 11")
    return partial(_signed, number, count)


def _year_of_century(value: Callable[[Moment], int], moment: Moment) -> str:
    return f"{abs(value(moment)) % 100:02d}"


def _signed(printer: _Printer, width: int, moment: Moment) -> str:
    """Put a plus before a year of more digits than its format has letters."""
    text = printer(moment)
    return f"+{text}" if len(text) > width and not text.startswith("-") else text


def _fraction(_: str, count: int) -> _Printer:
    if count > 9:
        raise ValueError(f"Minimum width must be from 0 to 9 inclusive but was {count}")
    return lambda moment: f"{moment.time % 1_000_000_000:09d}"[:count]


_FULL, _SHORT, _NARROW = 4, 3, 5


def _names(field: str, first: int, full: tuple[str, ...], short: tuple[str, ...]) -> _Letter:
    """Names in three lengths, the shortest being the first letter."""
    narrow = tuple(name[0] for name in full)
    by_length = {_FULL: full, _SHORT: short, _NARROW: narrow}

    def make(letter: str, count: int) -> _Printer:
        if count not in by_length:
            raise _too_many(letter)
        names = by_length[count]
        return lambda moment: names[VALUES[field](moment) - first]

    return make


_month = _names("M", 1, ENGLISH.months, ENGLISH.short_months)
_weekday = _names("E", 1, ENGLISH.weekdays, ENGLISH.short_weekdays)
_era = _names("G", 0, ("Before Christ", "Anno Domini"), ENGLISH.eras)
_QUARTERS = ("1st quarter", "2nd quarter", "3rd quarter", "4th quarter")
_quarter = _names("Q", 1, _QUARTERS, ("Q1", "Q2", "Q3", "Q4"))


def _number_or(names: _Letter, field: str) -> _Letter:
    """One or two letters are a number, more are a name."""
    return lambda letter, count: _number(field, count) if count <= 2 else names(letter, count)


def _name_only(names: _Letter) -> _Letter:
    """One to three letters are the short name."""
    return lambda letter, count: names(letter, max(count, _SHORT))


def _lone_weekday(letter: str, count: int) -> _Printer:
    if count == 2:
        raise ValueError('Invalid pattern "cc"')
    return _number("e", 1) if count == 1 else _weekday(letter, count)


def _half_day(letter: str, count: int) -> _Printer:
    if count > 1:
        raise _too_many(letter)
    return lambda moment: ENGLISH.halfdays[moment.hour // 12]


def _period(letter: str, count: int) -> _Printer:
    if count not in (1, _FULL, _NARROW):
        raise ValueError(f"Wrong number of pattern letters: {letter}")
    if count == _NARROW:
        narrow = {"midnight": "mi", "noon": "n"}
        return lambda moment: narrow.get(day_period(moment), day_period(moment))
    return day_period


def _zone(*texts: str | None, refusal: str = "Too many pattern letters: {}") -> _Letter:
    """How UTC is written with one letter, with two, and so on; None where that is refused."""

    def make(letter: str, count: int) -> _Printer:
        text = texts[count - 1] if count <= len(texts) else None
        if text is None:
            raise ValueError(refusal.format(letter))
        return partial(_constant, text)

    return make


_LETTERS: Mapping[str, _Letter] = {
    "G": _name_only(_era),
    "u": _year,
    "y": _year,
    "Y": _year,
    "Q": _number_or(_quarter, "Q"),
    "q": _number_or(_quarter, "Q"),
    "M": _number_or(_month, "M"),
    "L": _number_or(_month, "M"),
    "E": _name_only(_weekday),
    "e": _number_or(_weekday, "e"),
    "c": _lone_weekday,
    "a": _half_day,
    "B": _period,
    "S": _fraction,
    "D": partial(_up_to, 3),
    **dict.fromkeys("FW", partial(_up_to, 1)),
    **dict.fromkeys("dwHkKhms", partial(_up_to, 2)),
    **dict.fromkeys("gnAN", _number),
    "V": _zone(None, "Z", refusal="Pattern letter count must be 2: {}"),
    "v": _zone("Z", None, None, "Z", refusal="Wrong number of pattern letters: {}"),
    "z": _zone("Z", "Z", "Z", "Z"),
    "O": _zone("GMT", None, None, "GMT", refusal="Pattern letter count must be 1 or 4: {}"),
    "X": _zone("Z", "Z", "Z", "Z", "Z"),
    "x": _zone("+00", "+0000", "+00:00", "+0000", "+00:00"),
    "Z": _zone("+0000", "+0000", "+0000", "GMT", "Z"),
}
