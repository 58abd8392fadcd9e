"""Calendar arithmetic against the standard library, and beyond its years."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from toolkit.languages import calendar

EPOCH = date(1970, 1, 1)
CYCLE = 146097


@given(st.dates())
def test_days_are_those_of_the_standard_library(day: date) -> None:
    number = (day - EPOCH).days
    assert calendar.days(day.year, day.month, day.day) == number
    assert calendar.civil(number) == (day.year, day.month, day.day)
    assert calendar.day_of_year(number) == day.timetuple().tm_yday
    assert (*calendar.week_date(number), calendar.day_of_week(number)) == day.isocalendar()


@given(st.dates(), st.integers(-1000, 1000))
def test_every_400_years_are_alike(day: date, cycles: int) -> None:
    number = (day - EPOCH).days
    year, month, of_month = calendar.civil(number + cycles * CYCLE)
    assert (year, month, of_month) == (day.year + 400 * cycles, day.month, day.day)
    assert calendar.days(year, month, of_month) == number + cycles * CYCLE
