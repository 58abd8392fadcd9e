"""The fields of a date as Joda-Time sets them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.languages import calendar
from toolkit.languages.joda_time.fields import FIELDS, combine

EPOCH = date(1970, 1, 1)


@pytest.mark.parametrize("name", sorted(FIELDS))
@given(st.datetimes())
def test_a_field_set_to_its_value_changes_nothing(name: str, moment: datetime) -> None:
    local = (moment - datetime(1970, 1, 1)) // timedelta(milliseconds=1)
    field = FIELDS[name]
    assert field.set(local, field.get(local)) == local
    assert field.floor(local) <= local
    assert field.get(field.floor(local)) == field.get(local)


def test_a_later_field_may_move_what_an_earlier_one_set() -> None:
    names = {"year": 2026, "monthOfYear": 1, "dayOfMonth": 1, "dayOfWeek": 1}
    assert combine((FIELDS[name], value) for name, value in names.items()) == (
        calendar.days(2025, 12, 29) * 86_400_000
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("year", 300_000_000),
        ("monthOfYear", 13),
        ("dayOfMonth", 32),
        ("dayOfYear", 366),
        ("weekOfWeekyear", 54),
        ("dayOfWeek", 0),
        ("hourOfDay", 24),
        ("clockhourOfDay", 0),
        ("clockhourOfHalfday", 13),
        ("yearOfEra", 0),
        ("centuryOfEra", -1),
    ],
)
def test_values_out_of_bounds_are_refused(name: str, value: int) -> None:
    with pytest.raises(ValueError, match=name if not name.startswith("clock") else "hour"):
        FIELDS[name].set(0, value)


@given(st.dates(date(1, 2, 1), date(9999, 12, 1)))
def test_the_month_is_kept_when_the_year_is_set(day: date) -> None:
    local = (day - EPOCH).days * 86_400_000
    moved = calendar.civil(FIELDS["year"].set(local, 2023) // 86_400_000)
    assert moved == (2023, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


def test_a_week_that_the_other_year_has_not_becomes_its_last() -> None:
    sunday = calendar.days(2021, 1, 3) * 86_400_000
    moved = FIELDS["weekyear"].set(sunday, 2021)
    assert (FIELDS["weekOfWeekyear"].get(moved), FIELDS["dayOfWeek"].get(moved)) == (52, 7)


def test_there_is_a_year_0_and_it_is_1_before_christ() -> None:
    local = calendar.days(0, 6, 1) * 86_400_000
    read = {name: field.get(local) for name, field in FIELDS.items()}
    assert (read["era"], read["yearOfEra"], read["year"], read["centuryOfEra"]) == (0, 1, 0, 0)
    assert FIELDS["year"].get(FIELDS["yearOfEra"].set(local, 3)) == -2
    assert FIELDS["year"].get(FIELDS["era"].set(local, 0)) == 0
