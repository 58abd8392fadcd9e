"""The names of months, weekdays, half days and eras, as Java has them in each language.

``date_names.json`` holds what ``java.text.DateFormatSymbols`` of OpenJDK 17.0.15 answers for each
of its locales, as far as it differs from the locale without the last subtag ("und" without
any). Later releases have other names, so do other sources of the CLDR data.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


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


ENGLISH = Names(
    language="en",
    months=_MONTHS,
    short_months=tuple(name[:3] for name in _MONTHS),
    weekdays=_WEEKDAYS,
    short_weekdays=tuple(name[:3] for name in _WEEKDAYS),
    halfdays=("AM", "PM"),
    eras=("BC", "AD"),
)


@lru_cache(maxsize=64)
def find_names(locale: str) -> Names:
    """Find the names of a locale, given by its language tag.

    As in Java, no tag is refused: an illegal subtag and all after it are ignored,
    and a language without names has those of no language ("Jan" is its full name).

    >>> find_names("de-AT").months[0], find_names("en-US.UTF-8") == ENGLISH
    ('Jänner', True)
    """
    subtags = _subtags(locale)
    language = subtags[0]
    if language == "en" and len(subtags) == 1:
        return ENGLISH
    names: dict[str, str] = {}
    while subtags:
        names = {**_recorded().get("-".join(subtags), {}), **names}
        subtags = subtags[:-1]
    names = {**_recorded()["und"], **names}
    return Names(language, **{field: tuple(text.split("|")) for field, text in names.items()})


_RENAMED = {"iw": "he", "in": "id", "ji": "yi"}


def _subtags(locale: str) -> list[str]:
    subtags = locale.lower().split("-")
    legal = [re.fullmatch(r"[a-z0-9]{2,8}", subtag) is not None for subtag in subtags]
    if False in legal:
        subtags = subtags[: legal.index(False)]
    if not subtags or not re.fullmatch(r"[a-z]{2,8}", subtags[0]):
        return ["und"]
    return [_RENAMED.get(subtags[0], subtags[0]), *subtags[1:]]


@cache
def _recorded() -> Mapping[str, Mapping[str, str]]:
    text = resources.files(__package__).joinpath("date_names.json").read_text("utf-8")
    table: dict[str, dict[str, str]] = json.loads(text)
    return {tag.lower(): names for tag, names in table.items()}
