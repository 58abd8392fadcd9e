"""Names of months and weekdays, and which spellings of them are read."""

from __future__ import annotations

import pytest

from toolkit.logstash.times.names import ENGLISH, find_names, name_values


def test_english_is_what_was_recorded_for_it() -> None:
    assert find_names("en") is ENGLISH
    recorded = find_names("en-US")
    assert recorded == ENGLISH


@pytest.mark.parametrize(
    ("locale", "month", "short"),
    [
        ("de", "Januar", "Jan."),
        ("de-AT", "Jänner", "Jän."),
        ("de-XX-1996", "Januar", "Jan."),
        ("DE-at", "Jänner", "Jän."),
        ("fr-FR.UTF-8", "janvier", "janv."),
        ("in", "Januari", "Jan"),
        ("english", "Jan", "Jan"),
        ("C", "Jan", "Jan"),
        ("", "Jan", "Jan"),
    ],
)
def test_any_tag_has_names(locale: str, month: str, short: str) -> None:
    names = find_names(locale)
    assert (names.months[0], names.short_months[0]) == (month, short)


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


def test_a_spelling_may_be_read_and_not_understood() -> None:
    # "ß" becomes "SS", which is no month when compared letter by letter.
    values = name_values(find_names("ksh"), "dayOfWeek")
    assert None not in {values[name] for name in find_names("ksh").weekdays}
    assert name_values(ENGLISH, "era") == {
        **dict.fromkeys(("BC", "bc", "BCE", "bce"), 0),
        **dict.fromkeys(("AD", "ad", "CE", "ce"), 1),
    }


def test_short_names_longer_than_all_full_ones_are_not_read() -> None:
    names = find_names("fi")
    longest = max(map(len, names.months))
    assert all(len(name) <= longest for name in name_values(names, "monthOfYear"))
