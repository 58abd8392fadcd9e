"""The fields of a date as Joda-Time has them: how each is read from and set in a local time.

Local times are milliseconds since 1970-01-01T00:00 without an offset. A value out of the
bounds of a field is a `ValueError`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from toolkit.languages import calendar

_SECOND = 1000
_MINUTE = 60 * _SECOND
_HOUR = 60 * _MINUTE
_HALFDAY = 12 * _HOUR
_DAY = 24 * _HOUR
_WEEK = 7 * _DAY
_YEAR = 31556952 * _SECOND
_MONTH = _YEAR // 12
_FOREVER = 1 << 62
_FIRST_YEAR, _LAST_YEAR = -292275054, 292278993
_FIRST_INSTANT = -(1 << 63)


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its length, the length of what it counts in, and its three operations."""

    name: str
    span: int
    """Milliseconds of that which the field counts within: a day for the hour of day."""
    unit: int
    """Milliseconds of one step; an average where steps differ."""
    get: Callable[[int], int]
    set: Callable[[int, int], int]
    floor: Callable[[int], int]
    """Return the begin of the step that the time is in."""

    @property
    def order(self) -> tuple[int, int]:
        """Fields are set by this order, largest first."""
        return -self.span, -self.unit


def combine(values: Iterable[tuple[Field, int]]) -> int:
    """Set fields, given in their order, one after the other, from 1970-01-01T00:00 on.

    Each is set twice, as Joda does: what a later field moved (a weekday into the next
    month) is set again, and only then is the time judged.
    """
    values = tuple(values)
    local = 0
    for field, value in values:
        local = field.floor(field.set(local, value))
    for field, value in values:
        local = field.set(local, value)
    return values[-1][0].floor(local) if values else local


def _check(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise ValueError(f"{name} must be in {low} to {high}: {value}")


def _precise(name: str, span: int, unit: int, low: int) -> Field:
    """Return a field all of whose steps are equally long, the first of them called ``low``.

    The clock hours, with a ``low`` of 1, begin with their highest value, at midnight and noon.
    """
    steps = span // unit

    def get(local: int) -> int:
        step = local // unit % steps
        return step or steps if low else step

    def set_(local: int, value: int) -> int:
        _check(name, value, low, steps - 1 + low)
        return local + (value % steps - local // unit % steps) * unit

    return Field(name, span, unit, get, set_, lambda local: local - local % unit)


def _year(local: int) -> int:
    return calendar.civil(local // _DAY)[0]


def _at(year: int, month: int, day: int, local: int) -> int:
    """Return that day, at the time of day of ``local``."""
    return calendar.days(year, month, day) * _DAY + local % _DAY


def _set_year(local: int, value: int) -> int:
    _check("year", value, _FIRST_YEAR - 1, _LAST_YEAR + 1)
    _, month, day = calendar.civil(local // _DAY)
    return _at(value, month, min(day, calendar.days_in_month(value, month)), local)


def _floor_year(local: int) -> int:
    return calendar.days(_year(local), 1, 1) * _DAY


def _get_year_of_era(local: int) -> int:
    year = _year(local)
    return year if year > 0 else 1 - year


def _set_year_of_era(local: int, value: int) -> int:
    _check("yearOfEra", value, 1, _LAST_YEAR)
    return _set_year(local, value if _year(local) > 0 else 1 - value)


def _get_era(local: int) -> int:
    return int(_year(local) > 0)


def _set_era(local: int, value: int) -> int:
    return local if value == _get_era(local) else _set_year(local, -_year(local))


def _floor_era(local: int) -> int:
    return calendar.days(1, 1, 1) * _DAY if _get_era(local) else _FIRST_INSTANT


def _get_century(local: int) -> int:
    return abs(_year(local)) // 100


def _set_century(local: int, value: int) -> int:
    _check("centuryOfEra", value, 0, _LAST_YEAR // 100)
    year = _year(local)
    unsigned = value * 100 + abs(year) % 100
    return _set_year(local, -unsigned if year < 0 else unsigned)


def _floor_century(local: int) -> int:
    year = _year(local)
    return _floor_year(_set_year(local, year - year % 100 if year >= 0 else -(-year // 100 * 100)))


def _week_year(local: int) -> int:
    return calendar.week_date(local // _DAY)[0]


def _set_week_year(local: int, value: int) -> int:
    _check("weekyear", abs(value), _FIRST_YEAR, _LAST_YEAR)
    day, time = divmod(local, _DAY)
    year, week = calendar.week_date(day)
    if year == value:
        return local
    week = min(week, calendar.weeks_in_year(year), calendar.weeks_in_year(value))
    monday = calendar.first_monday(value) + 7 * (week - 1)
    return (monday + calendar.day_of_week(day) - 1) * _DAY + time


def _floor_week_year(local: int) -> int:
    return calendar.first_monday(_week_year(local)) * _DAY


def _set_month(local: int, value: int) -> int:
    _check("monthOfYear", value, 1, 12)
    year, _, day = calendar.civil(local // _DAY)
    return _at(year, value, min(day, calendar.days_in_month(year, value)), local)


def _floor_month(local: int) -> int:
    year, month, _ = calendar.civil(local // _DAY)
    return calendar.days(year, month, 1) * _DAY


def _get_week(local: int) -> int:
    return calendar.week_date(local // _DAY)[1]


def _set_week(local: int, value: int) -> int:
    _check("weekOfWeekyear", value, 1, calendar.weeks_in_year(_week_year(local)))
    return local + (value - _get_week(local)) * _WEEK


def _floor_week(local: int) -> int:
    day = local // _DAY
    return (day - calendar.day_of_week(day) + 1) * _DAY


def _get_day_of_year(local: int) -> int:
    return calendar.day_of_year(local // _DAY)


def _set_day_of_year(local: int, value: int) -> int:
    _check("dayOfYear", value, 1, calendar.days_in_year(_year(local)))
    return local + (value - _get_day_of_year(local)) * _DAY


def _set_day(local: int, value: int) -> int:
    year, month, day = calendar.civil(local // _DAY)
    _check("dayOfMonth", value, 1, calendar.days_in_month(year, month))
    return local + (value - day) * _DAY


def _get_day_of_week(local: int) -> int:
    return calendar.day_of_week(local // _DAY)


def _set_day_of_week(local: int, value: int) -> int:
    _check("dayOfWeek", value, 1, 7)
    return local + (value - _get_day_of_week(local)) * _DAY


def _floor_day(local: int) -> int:
    return local - local % _DAY


def _civil_part(part: int, local: int) -> int:
    return calendar.civil(local // _DAY)[part]


FIELDS = {
    field.name: field
    for field in (
        Field("era", _FOREVER, _FOREVER, _get_era, _set_era, _floor_era),
        Field("centuryOfEra", _FOREVER, 100 * _YEAR, _get_century, _set_century, _floor_century),
        Field("year", _FOREVER, _YEAR, _year, _set_year, _floor_year),
        Field("yearOfEra", _FOREVER, _YEAR, _get_year_of_era, _set_year_of_era, _floor_year),
        Field("weekyear", _FOREVER, _YEAR, _week_year, _set_week_year, _floor_week_year),
        Field("monthOfYear", _YEAR, _MONTH, partial(_civil_part, 1), _set_month, _floor_month),
        Field("weekOfWeekyear", _YEAR, _WEEK, _get_week, _set_week, _floor_week),
        Field("dayOfYear", _YEAR, _DAY, _get_day_of_year, _set_day_of_year, _floor_day),
        Field("dayOfMonth", _MONTH, _DAY, partial(_civil_part, 2), _set_day, _floor_day),
        Field("dayOfWeek", _WEEK, _DAY, _get_day_of_week, _set_day_of_week, _floor_day),
        _precise("halfdayOfDay", _DAY, _HALFDAY, 0),
        _precise("hourOfDay", _DAY, _HOUR, 0),
        _precise("clockhourOfDay", _DAY, _HOUR, 1),
        _precise("hourOfHalfday", _HALFDAY, _HOUR, 0),
        _precise("clockhourOfHalfday", _HALFDAY, _HOUR, 1),
        _precise("minuteOfHour", _HOUR, _MINUTE, 0),
        _precise("secondOfMinute", _MINUTE, _SECOND, 0),
        _precise("fractionOfHour", _HOUR, 1, 0),
        _precise("fractionOfMinute", _MINUTE, 1, 0),
        _precise("fractionOfSecond", _SECOND, 1, 0),
    )
}
"""Every field that a format can name, by Joda's name for it."""
