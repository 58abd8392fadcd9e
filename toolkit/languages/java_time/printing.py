"""Printing an instant in UTC, by Java's formats."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from toolkit.languages import calendar
from toolkit.languages.date_errors import FormatError
from toolkit.languages.java_time.elements import Element
from toolkit.languages.java_time.parsed import Mismatch
from toolkit.languages.java_time.pattern import parse_pattern

_SECOND = 10**9
_DAY = 86_400


def format_java(pattern: str, nanoseconds: int) -> str:
    """Print an instant in UTC as ``DateTimeFormatter.ofPattern`` of Java 17 does.

    >>> format_java("uuuu-MM-dd'T'HH:mm[:ss.SSSSSS]X", 1_768_472_430_123_456_789)
    '2026-01-15T10:20:30.123456Z'

    Raises:
        FormatError: Java refuses the pattern, or cannot print this instant with it.
    """
    fields = moment(nanoseconds)
    try:
        return "".join([element.write(fields) for element in _elements(pattern)])
    except Mismatch as mismatch:
        raise FormatError(str(mismatch)) from None


@lru_cache(maxsize=256)
def _elements(pattern: str) -> tuple[Element, ...]:
    return parse_pattern(pattern, reads=False)


def moment(nanoseconds: int) -> Mapping[str, int]:
    """Return every field of an instant in UTC, given in nanoseconds since 1970."""
    date, time = divmod(nanoseconds, _DAY * _SECOND)
    second, nano = divmod(time, _SECOND)
    hour, rest = divmod(second, 3600)
    return {
        **date_fields(date),
        "hour": hour,
        "clock_hour": hour or 24,
        "hour12": hour % 12,
        "clock_hour12": hour % 12 or 12,
        "half": hour // 12,
        "day_period": _day_period(second // 60),
        "minute": rest // 60,
        "second": rest % 60,
        "nano": nano,
        "milli_of_day": time // 10**6,
        "nano_of_day": time,
    }


@lru_cache(maxsize=1024)
def date_fields(date: int) -> Mapping[str, int]:
    """Return the fields of a day, given in days since 1970; events of one day share them."""
    year, month, day = calendar.civil(date)
    weekday = calendar.day_of_week(date)
    week_year, week = calendar.week_date(date)
    local_week_year, local_week = calendar.sunday_week_date(date)
    return {
        "year": year,
        "year_of_era": year if year > 0 else 1 - year,
        "era": int(year > 0),
        "quarter": (month + 2) // 3,
        "month": month,
        "day": day,
        "day_of_year": calendar.day_of_year(date),
        "weekday": weekday,
        "week_year": week_year,
        "week": week,
        "local_week_year": local_week_year,
        "local_week": local_week,
        "local_weekday": weekday % 7 + 1,
        "week_of_month": (day - 1 + (weekday - day + 1) % 7) // 7 + 1,
        "aligned_weekday_of_month": (day - 1) % 7 + 1,
        "modified_julian_day": date + 40_587,
    }


def _day_period(minute: int) -> int:
    """Return the part of the day as American English has them, from midnight and noon on."""
    if minute % 720 == 0:
        return minute // 720
    night, morning, afternoon, evening = range(2, 6)
    for end, period in ((6, night), (12, morning), (18, afternoon), (21, evening)):
        if minute < end * 60:
            return period
    return night
