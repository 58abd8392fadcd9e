"""Plain scalars as Ruby's YAML library parses them.

As psych 5.2 does, by YAML 1.1: ``yes`` is true, ``017`` fifteen, ``1:30`` five thousand four
hundred.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

from toolkit.logstash.event import ruby
from toolkit.logstash.event.values import Timestamp, Value
from toolkit.logstash.filters._ruby_conversions import to_integer


class Symbol(str):
    """A Ruby symbol: printed as a string, equal to none."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Symbol) and str.__eq__(self, other)

    def __hash__(self) -> int:
        return hash((Symbol, str.__hash__(self)))


class Unstorable(str):
    """A Ruby date as its text: no field of an event can hold one."""

    __slots__ = ()


_WORD = re.compile(r"[^0-9.:-]?(?:[^\W0-9]|[\s!@#$%^&*(){}<>|/\\~;=])+")
_LONGEST_WORD = 5
_WORDS = {"null": None, "~": None} | {
    word: value
    for value, words in {True: ("yes", "true", "on"), False: ("no", "false", "off")}.items()
    for word in words
}
_TIME = re.compile(
    r"(-?\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt]|\s+)(\d{1,2}):(\d\d):(\d\d)(?:\.(\d*))?"
    r"(?:\s*(?:Z|([-+])(\d{1,2}):?(\d\d)?))?",
    re.ASCII,
)
_DATE = re.compile(r"(\d{4})-(1[012]|0\d|\d)-([12]\d|3[01]|0\d|\d)", re.ASCII)
_SYMBOL = re.compile(r""":(?:(["'])(.*)\1.*|(.+))""")
_SEXAGESIMAL = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9]){1,2}")
_SEXAGESIMAL_FLOAT = re.compile(rf"{_SEXAGESIMAL.pattern}\.[0-9_]*")
_FLOAT = re.compile(r"[-+]?(?:[0-9][0-9_,]*)?\.[0-9]*(?:[eE][-+][0-9]+)?")
_INTEGER = re.compile(
    r"[-+]?(?:0b[_,]*[01][01_,]*|0[_,]*[0-7][0-7_,]*|0|[1-9](?:[0-9]|[,_][0-9])*"
    r"|0x[_,]*[0-9a-fA-F][0-9a-fA-F_,]*)"
)
_STREAMED_INTEGER = re.compile(r"-?[0-9]+")
_STREAMED_FLOAT = re.compile(r"-?[0-9]+\.[0-9]+")
_SPECIAL = {
    ".inf": float("inf"),
    "+.inf": float("inf"),
    "-.inf": -float("inf"),
    ".nan": float("nan"),
}


def tokenize(text: str) -> Value:
    """Read a plain scalar; what is nothing else stays a string.

    >>> [tokenize(text) for text in ("yes", "~", "017", "1,000", "1:30", "1.5", "1e3", "200 OK")]
    [True, None, 15, 1000, 5400, 1.5, '1e3', '200 OK']
    """
    if not text:
        return None
    if _WORD.match(text) or "\n" in text:
        return text if len(text) > _LONGEST_WORD else _WORDS.get(text.lower(), text)
    if text.lower() in _SPECIAL:
        return _SPECIAL[text.lower()]
    try:
        return next(
            (read(match) for shape, read in _READERS if (match := shape.fullmatch(text))), text
        )
    except (ValueError, OverflowError):
        return text


def streamed(text: str) -> Value:
    """Read a plain scalar as ``yaml_load_strategy => streaming`` does, which knows less.

    >>> [streamed(text) for text in ("yes", "~", "017", "1.5")]
    ['yes', None, 17, 1.5]
    """
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _STREAMED_INTEGER.fullmatch(text):
        return ruby.to_i(text)
    return ruby.to_f(text) if _STREAMED_FLOAT.fullmatch(text) else text


def _time(match: re.Match[str]) -> Value:
    year, month, day, hour, minute, second = map(int, match.group(1, 2, 3, 4, 5, 6))
    moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    sign, hours, minutes = match.group(8, 9, 10)
    if sign:
        east = timedelta(hours=int(hours), minutes=int(minutes or 0))
        moment = moment - east if sign == "+" else moment + east
    return Timestamp.at(moment, match[7])


def _date(match: re.Match[str]) -> Value:
    return Unstorable(date(*map(int, match.groups())).isoformat())


def _symbol(match: re.Match[str]) -> Value:
    return Symbol(match[3] or match[2].removeprefix(":"))


def _sexagesimal(match: re.Match[str]) -> Value:
    return sum(ruby.to_i(part) * weight for part, weight in _degrees(match))


def _sexagesimal_float(match: re.Match[str]) -> Value:
    return sum(ruby.to_f(part) * weight for part, weight in _degrees(match))


def _degrees(match: re.Match[str]) -> Iterator[tuple[str, int]]:
    """Hours and minutes, or hours, minutes and seconds, in seconds."""
    return zip(match[0].split(":"), (3600, 60, 1), strict=False)


def _float(match: re.Match[str]) -> Value:
    if match[0].lstrip("+-") == ".":
        return match[0]
    digits = re.sub(r"\.([Ee]|$)", r"\1", re.sub("[,_]", "", match[0]))
    return ruby.to_f(digits)


def _integer(match: re.Match[str]) -> Value:
    return to_integer(re.sub("[,_]", "", match[0]))


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Value]], ...] = (
    (_TIME, _time),
    (_DATE, _date),
    (_SYMBOL, _symbol),
    (_SEXAGESIMAL, _sexagesimal),
    (_SEXAGESIMAL_FLOAT, _sexagesimal_float),
    (_FLOAT, _float),
    (_INTEGER, _integer),
)
