"""The proleptic ISO calendar for any year, as days since 1970."""

from __future__ import annotations

from toolkit.languages.java_time.parsed import Mismatch

__all__ = [
    "days",
    "first_week",
    "from_days",
    "from_week",
    "is_leap",
    "length",
    "to_local_week",
    "to_week",
    "weekday",
]

_CYCLE = 146_097
"""Days of 400 years."""
_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int) -> bool:
    """Whether the year has 366 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def length(year: int, month: int) -> int:
    """The days of a month."""
    return _MONTHS[month - 1] + (month == 2 and is_leap(year))


def days(year: int, month: int = 1, day: int = 1) -> int:
    """Days since 1970-01-01; raises `Mismatch` for a date that is none.

    >>> days(1970, 1, 2), days(2000, 3, 1)
    (1, 11017)
    """
    if not (1 <= month <= 12 and 1 <= day <= length(year, month)):
        raise Mismatch(f"invalid date {year}-{month}-{day}")
    shifted = year - (month < 3)
    from_march = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return shifted * 365 + shifted // 4 - shifted // 100 + shifted // 400 + from_march - 719_468


def from_days(number: int) -> tuple[int, int, int]:
    """Year, month and day of a number of days since 1970-01-01.

    >>> from_days(11017)
    (2000, 3, 1)
    """
    cycle, rest = divmod(number + 719_468, _CYCLE)
    year = (rest - rest // 1460 + rest // 36_524 - rest // 146_096) // 365
    day_of_year = rest - (365 * year + year // 4 - year // 100)
    month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * month + 2) // 5 + 1
    return cycle * 400 + year + (month >= 10), (month + 2) % 12 + 1, day


def weekday(number: int) -> int:
    """Monday 1 to Sunday 7."""
    return (number + 3) % 7 + 1


def from_week(year: int, week: int, day: int) -> int:
    """The day of an ISO week date; raises `Mismatch` where the year has no such week."""
    start = _first_monday(year) + (week - 1) * 7
    if start >= _first_monday(year + 1):
        raise Mismatch(f"{year} has no week {week}")
    return start + day - 1


def to_week(number: int) -> tuple[int, int]:
    """The ISO week-based year and week of a day."""
    year = from_days(number)[0]
    year += (number >= _first_monday(year + 1)) - (number < _first_monday(year))
    return year, (number - _first_monday(year)) // 7 + 1


def first_week(year: int) -> int:
    """The Sunday that starts the week of January 1st, as weeks are counted in English."""
    first = days(year)
    return first - weekday(first) % 7


def to_local_week(number: int) -> tuple[int, int]:
    """The year and week of a day, where weeks start on Sunday and the first is January 1st's."""
    year = from_days(number)[0]
    year += number >= first_week(year + 1)
    return year, (number - first_week(year)) // 7 + 1


def _first_monday(year: int) -> int:
    fourth = days(year, 1, 4)
    return fourth - weekday(fourth) + 1
