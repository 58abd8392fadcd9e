"""Which spellings of the names of months and weekdays are read."""

from __future__ import annotations

from dataclasses import replace

from toolkit.languages.date_names import ENGLISH, find_names
from toolkit.languages.joda_time.names import name_values


def test_names_are_read_as_they_are_or_in_one_case() -> None:
    months = name_values(find_names("de"), "monthOfYear")
    assert [months.get(name) for name in ("März", "märz", "MÄRZ", "Mär", "mÄrz")] == [
        *(3, 3, 3),
        *(None, None),
    ]


def test_turkish_has_its_own_upper_case() -> None:
    days = name_values(find_names("tr"), "dayOfWeek")
    assert days["salı"] == days["SALI"] == 2
    assert "SALi" not in days
    months = name_values(find_names("tr"), "monthOfYear")
    assert months["NİSAN"] == 4
    assert "NISAN" not in months


ODD = replace(
    ENGLISH,
    language="xx",
    weekdays=("Straße", *ENGLISH.weekdays[1:6], "Mon"),
    short_weekdays=("Mon", "Tuesday, or so", *ENGLISH.short_weekdays[2:]),
    halfdays=("m", "M"),
)


def test_odd_names_follow_from_how_joda_stores_them() -> None:
    days = name_values(ODD, "dayOfWeek")
    assert days["Mon"] == 1, "a short name counts before a full one"
    assert days["STRASSE"] is None, "read, and then found to be no name"
    assert "Tuesday, or so" not in days, "longer than all full names"
    assert name_values(ODD, "halfdayOfDay") == {"m": 1, "M": 1}


def test_english_has_two_names_more_for_the_eras() -> None:
    assert name_values(ENGLISH, "era") == {
        **dict.fromkeys(("BC", "bc", "BCE", "bce"), 0),
        **dict.fromkeys(("AD", "ad", "CE", "ce"), 1),
    }
