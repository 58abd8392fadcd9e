"""The names of months, weekdays, half days and eras, as Java has them in each language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

__all__ = ["ENGLISH", "Names", "find_names"]


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one language; months from January, weekdays from Monday."""

    language: str
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    weekdays: tuple[str, ...]
    short_weekdays: tuple[str, ...]
    halfdays: tuple[str, ...]
    eras: tuple[str, ...]


_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

ENGLISH = Names(
    language="en",
    months=tuple(_MONTHS),
    short_months=tuple(name[:3] for name in _MONTHS),
    weekdays=tuple(_WEEKDAYS),
    short_weekdays=tuple(name[:3] for name in _WEEKDAYS),
    halfdays=("AM", "PM"),
    eras=("BC", "AD"),
)


@lru_cache(maxsize=64)
def find_names(locale: str) -> Names:
    """Find the names of a locale, given by its language tag."""
    return ENGLISH


def name_values(names: Names, field: str) -> dict[str, int | None]:
    """Return every spelling that Joda reads as the name of a field, with its number.

    Names are read as they are, in upper and in lower case, if no longer than the longest
    full name. None: the spelling is read and then not understood ("ß" in upper case).
    """
    full, short, first = _named(names, field)
    longest = max(map(len, full))
    numbers: dict[str, int] = {}
    for spelled in (full, short):
        # Of equal names the first counts, and of equal half days the second.
        for index in sorted(range(len(spelled)), reverse=field != "halfdayOfDay"):
            numbers[_fold(spelled[index])] = index + first
    if field == "era" and names.language == "en":
        numbers |= {"bce": 0, "ce": 1}
        short, longest = ("BCE", "CE"), 3
    spellings = {
        variant
        for name in (*full, *short)
        for variant in (name, _lower(name, names.language), _upper(name, names.language))
    }
    return {
        spelling: numbers.get(_fold(spelling))
        for spelling in sorted(spellings)
        if 0 < len(spelling) <= longest
    }


def _named(names: Names, field: str) -> tuple[tuple[str, ...], tuple[str, ...], int]:
    match field:
        case "monthOfYear":
            return names.months, names.short_months, 1
        case "dayOfWeek":
            return names.weekdays, names.short_weekdays, 1
        case "halfdayOfDay":
            return names.halfdays, (), 0
        case _:
            return names.eras, (), 0


def _fold(name: str) -> str:
    """Lower each character by itself, as Java compares without regard to case."""
    return "".join(map(_fold_character, name))


def _fold_character(character: str) -> str:
    upper = character.upper()
    lower = (upper if len(upper) == 1 else character).lower()
    return lower if len(lower) == 1 else character


_TURKIC = ("tr", "az")


def _lower(name: str, language: str) -> str:
    if language in _TURKIC:
        name = name.replace("İ", "i").replace("I", "ı")
    return name.lower()


def _upper(name: str, language: str) -> str:
    if language in _TURKIC:
        name = name.replace("i", "İ")
    return name.upper()
