"""Arithmetic of the proleptic Gregorian calendar, for any year.

Days are counted from 1970-01-01. `datetime.date` does the same for the years 1 to 9999;
Java's calendars go on in both directions, with a year 0.
"""

from __future__ import annotations

_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int) -> bool:
    """Return whether the year has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_year(year: int) -> int:
    """365 or 366."""
    return 366 if is_leap(year) else 365


def days_in_month(year: int, month: int) -> int:
    """28 to 31."""
    return 29 if month == 2 and is_leap(year) else _LENGTHS[month - 1]


def days(year: int, month: int = 1, day: int = 1) -> int:
    """Count the days from 1970-01-01.

    Args:
        year: Any year; the one before 1 is 0.
        month: 1 to 12.
        day: A day of the month; days beyond it count on into the next.

    >>> days(1970, 1, 1), days(2000, 3, 1), days(-1, 12, 31)
    (0, 11017, -719529)
    """
    # Years begin in March here, so that the leap day is a year's last.
    shifted = year - (month <= 2)
    cycle, of_cycle = divmod(shifted, 400)
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return cycle * 146097 + of_cycle * 365 + of_cycle // 4 - of_cycle // 100 + of_year - 719468


def civil(day: int) -> tuple[int, int, int]:
    """Return year, month and day of month of a day.

    >>> civil(11016), civil(-719529)
    ((2000, 2, 29), (-1, 12, 31))
    """
    cycle, of_cycle = divmod(day + 719468, 146097)
    year = (of_cycle - of_cycle // 1460 + of_cycle // 36524 - of_cycle // 146096) // 365
    of_year = of_cycle - (365 * year + year // 4 - year // 100)
    shifted = (5 * of_year + 2) // 153
    month = (shifted + 2) % 12 + 1
    return cycle * 400 + year + (month <= 2), month, of_year - (153 * shifted + 2) // 5 + 1


def day_of_year(day: int) -> int:
    """Return 1 for the first of January."""
    return day - days(civil(day)[0], 1, 1) + 1


def day_of_week(day: int) -> int:
    """Return 1 for Monday to 7 for Sunday."""
    return (day + 3) % 7 + 1


def first_monday(year: int) -> int:
    """Return the day on which the first week (ISO 8601) of a week year begins."""
    fourth = days(year, 1, 4)
    return fourth - day_of_week(fourth) + 1


def weeks_in_year(year: int) -> int:
    """52 or 53."""
    return (first_monday(year + 1) - first_monday(year)) // 7


def week_date(day: int) -> tuple[int, int]:
    """Return week year and week (ISO 8601) of a day.

    >>> week_date(days(2024, 12, 30)), week_date(days(2021, 1, 3))
    ((2025, 1), (2020, 53))
    """
    # The Thursday of a week lies in the year that the week belongs to.
    year = civil(day - day_of_week(day) + 4)[0]
    return year, (day - first_monday(year)) // 7 + 1


def first_sunday(year: int) -> int:
    """Return the day on which the first week begins where weeks begin on Sunday.

    It is the week of January 1st, as in the United States.
    """
    new_year = days(year)
    return new_year - day_of_week(new_year) % 7


def sunday_week_date(day: int) -> tuple[int, int]:
    """Return week year and week of a day where weeks begin on Sunday.

    >>> sunday_week_date(days(2024, 12, 29)), sunday_week_date(days(2024, 12, 28))
    ((2025, 1), (2024, 52))
    """
    # The Saturday of a week lies in the year that the week belongs to.
    year = civil(day - day_of_week(day) % 7 + 6)[0]
    return year, (day - first_sunday(year)) // 7 + 1
