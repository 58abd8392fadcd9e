"""Joda-Time formats: printing an instant in UTC, in English."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

from toolkit.languages.date_names import ENGLISH
from toolkit.languages.joda_time.fields import FIELDS, Field
from toolkit.languages.joda_time.names import spellings_of
from toolkit.languages.joda_time.pattern import LETTER_FIELDS, PatternPart, split_pattern

_Printer = Callable[[int], str]


def format_joda(pattern: str, nanoseconds: int) -> str:
    """Print an instant in UTC as ``%{+pattern}`` does; `FormatError` for an illegal pattern.

    >>> format_joda("yyyy.MM.dd 'at' HH:mm:ss,SSS Z", 1_768_472_430_123_456_789)
    '2026.01.15 at 10:20:30,123 +0000'
    """
    milliseconds = nanoseconds // 1_000_000
    return "".join([printer(milliseconds) for printer in _compile(pattern)])


@lru_cache(maxsize=256)
def _compile(pattern: str) -> tuple[_Printer, ...]:
    return tuple(_printer(part) for part in split_pattern(pattern))


def _printer(part: PatternPart) -> _Printer:
    match part.letter:
        case "":
            return partial(_constant, part.text)
        case _ if part.named:
            full, short, first = spellings_of(ENGLISH, part.named)
            names = short if short and part.length < 4 else full
            return partial(_name, FIELDS[part.named], names, first)
        case "S":
            return partial(_fraction, part.length)
        case "z" | "Z":
            return partial(_constant, _zone(part))
        case "x" | "y" | "Y" if part.length == 2:
            return partial(_two_digits, FIELDS["weekyear" if part.letter == "x" else "year"])
        case letter:
            return partial(_number, FIELDS[LETTER_FIELDS[letter][0]], part.length)


def _constant(text: str, _: int) -> str:
    return text


def _name(field: Field, names: tuple[str, ...], first: int, local: int) -> str:
    return names[field.get(local) - first]


def _number(field: Field, width: int, local: int) -> str:
    value = field.get(local)
    return f"-{-value:0{width}d}" if value < 0 else f"{value:0{width}d}"


def _two_digits(field: Field, local: int) -> str:
    return f"{abs(field.get(local)) % 100:02d}"


def _fraction(width: int, local: int) -> str:
    # More digits than Joda can scale to are left out, but for a fraction of zero.
    thousandths = local % 1000
    return f"{thousandths:03d}".ljust(min(width, 15) if thousandths else width, "0")[:width]


def _zone(part: PatternPart) -> str:
    if part.letter == "z":
        return "Coordinated Universal Time" if part.length >= 4 else "UTC"
    return {1: "+0000", 2: "+00:00"}.get(part.length, "UTC")
