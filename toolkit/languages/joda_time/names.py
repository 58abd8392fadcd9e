"""Joda-Time's spellings of the names of months, weekdays, half days and eras."""

from __future__ import annotations

from toolkit.languages.date_names import Names


def name_values(names: Names, field: str) -> dict[str, int | None]:
    """Return every spelling that Joda reads as the name of a field, with its number.

    Names are read as they are, in upper and in lower case, if no longer than the longest
    full name. None: the spelling is read and then not understood ("ß" in upper case).
    """
    full, short, first = spellings_of(names, field)
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


def spellings_of(names: Names, field: str) -> tuple[tuple[str, ...], tuple[str, ...], int]:
    """Return the full names, the short ones if there are others, and the value of the first."""
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
    return (upper if len(upper) == 1 else character).lower()[0]


_TURKIC = ("tr", "az")


def _lower(name: str, language: str) -> str:
    if language in _TURKIC:
        name = name.replace("İ", "i").replace("I", "ı")
    return name.lower()


def _upper(name: str, language: str) -> str:
    if language in _TURKIC:
        name = name.replace("i", "İ")
    return name.upper()
