"""The values of an instant in UTC that a java.time format can print, by their letters.

Localized fields (week of year, day of week as a number) are those of Java's locale ``en``:
weeks begin on Sunday, and the first of January is in week 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from toolkit.languages import calendar

__all__ = ["VALUES", "Moment", "day_period"]

_SECOND = 1_000_000_000
_HOUR = 3600 * _SECOND
_DAY = 24 * _HOUR


class Moment(NamedTuple):
    """An instant in UTC."""

    day: int
    """Days since 1970-01-01."""
    time: int
    """Nanoseconds since midnight."""

    @classmethod
    def of(cls, nanoseconds: int) -> Moment:
        """Split nanoseconds since 1970."""
        return cls(*divmod(nanoseconds, _DAY))

    @property
    def year(self) -> int:
        """The proleptic year; the year before 1 is 0."""
        return calendar.civil(self.day)[0]

    @property
    def month(self) -> int:
        """1 to 12."""
        return calendar.civil(self.day)[1]

    @property
    def day_of_month(self) -> int:
        """1 to 31."""
        return calendar.civil(self.day)[2]

    @property
    def hour(self) -> int:
        """0 to 23."""
        return self.time // _HOUR

    @property
    def week_day(self) -> int:
        """1 for Sunday."""
        return calendar.day_of_week(self.day) % 7 + 1


def _first_sunday(year: int) -> int:
    """The day on which week 1 of a year begins; most often before the year does."""
    new_year = calendar.days(year, 1, 1)
    return new_year - calendar.day_of_week(new_year) % 7


def _week_year(moment: Moment) -> int:
    year = moment.year
    return year + 1 if moment.day >= _first_sunday(year + 1) else year


def _week(moment: Moment) -> int:
    return (moment.day - _first_sunday(_week_year(moment))) // 7 + 1


def _week_of_month(moment: Moment) -> int:
    first = calendar.days(moment.year, moment.month, 1)
    return (moment.day - first + calendar.day_of_week(first) % 7) // 7 + 1


VALUES: Mapping[str, Callable[[Moment], int]] = {
    "G": lambda moment: int(moment.year > 0),
    "u": lambda moment: moment.year,
    "y": lambda moment: moment.year if moment.year > 0 else 1 - moment.year,
    "Q": lambda moment: (moment.month + 2) // 3,
    "M": lambda moment: moment.month,
    "D": lambda moment: calendar.day_of_year(moment.day),
    "d": lambda moment: moment.day_of_month,
    "g": lambda moment: moment.day + 40587,
    "Y": _week_year,
    "w": _week,
    "W": _week_of_month,
    "F": lambda moment: (moment.day_of_month - 1) % 7 + 1,
    "E": lambda moment: calendar.day_of_week(moment.day),
    "e": lambda moment: moment.week_day,
    "a": lambda moment: moment.hour // 12,
    "H": lambda moment: moment.hour,
    "k": lambda moment: moment.hour or 24,
    "K": lambda moment: moment.hour % 12,
    "h": lambda moment: moment.hour % 12 or 12,
    "m": lambda moment: moment.time // (60 * _SECOND) % 60,
    "s": lambda moment: moment.time // _SECOND % 60,
    "n": lambda moment: moment.time % _SECOND,
    "A": lambda moment: moment.time // 1_000_000,
    "N": lambda moment: moment.time,
}
"""What each letter stands for. ``q``, ``L`` and ``c`` are forms of ``Q``, ``M`` and ``e``."""


def day_period(moment: Moment) -> str:
    """Name the part of the day, as American English does."""
    minute = moment.time // (60 * _SECOND)
    if minute in (0, 12 * 60):
        return "midnight" if minute == 0 else "noon"
    for end, name in ((6, "at night"), (12, "in the morning"), (18, "in the afternoon")):
        if minute < end * 60:
            return name
    return "in the evening" if minute < 21 * 60 else "at night"
