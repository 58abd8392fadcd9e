"""From the fields that were read to a date and a time, by Java's resolver styles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from toolkit.languages import calendar
from toolkit.languages.java_time.parsed import Mismatch, Parsed
from toolkit.languages.java_time.printing import date_fields

Style = Literal["strict", "smart", "lenient"]
_NANOS = 10**9
_DAY = 86_400
_RANGES = {
    "hour": (0, 23),
    "minute": (0, 59),
    "second": (0, 59),
    "nano": (0, _NANOS - 1),
    "clock_hour": (1, 24),
    "clock_hour12": (1, 12),
    "hour12": (0, 11),
    "half": (0, 1),
    "month": (1, 12),
    "quarter": (1, 4),
    "day": (1, 31),
    "day_of_year": (1, 366),
    "weekday": (1, 7),
    "year_of_era": (1, 999_999_999),
    "year": (-999_999_999, 999_999_999),
    "week_year": (-999_999_999, 999_999_999),
    "week": (1, 53),
    "local_week_year": (-999_999_999, 999_999_999),
    "local_week": (1, 53),
    "local_weekday": (1, 7),
    "milli_of_day": (0, _DAY * 1000 - 1),
    "nano_of_day": (0, _DAY * _NANOS - 1),
}
_OF_DATE = ("year", "month", "day", "day_of_year", "weekday", "year_of_era", "quarter")
_OF_TIME = {name for name in _RANGES if "of_day" in name or "hour" in name}
_OF_TIME |= {"minute", "second", "nano", "half"}


@dataclass(frozen=True, slots=True)
class Resolved:
    """A date and a time, each None if the fields do not determine it."""

    date: int | None
    """Days since 1970-01-01."""
    time: int | None
    """Nanoseconds of the day."""
    zone: str | int | None
    """The id of a zone, or an offset in seconds."""
    fields: Mapping[str, int]
    """The fields that were not used."""


def resolve(parsed: Parsed, style: Style = "strict") -> Resolved:
    """Combine fields to a date and a time; raises `Mismatch` if they contradict each other.

    A year of era (``yyyy``) without an era determines no date if ``style`` is "strict".
    """
    fields = dict(parsed.fields)
    zone = parsed.zone if parsed.zone is not None else fields.pop("offset", None)
    date = _resolve_date(fields, style)
    time = _resolve_time(fields, style)
    if style != "lenient":
        check_ranges({name: value for name, value in fields.items() if name in _OF_TIME})
    return Resolved(date, time, zone, fields)


def check_ranges(fields: Mapping[str, int]) -> None:
    """Raise `Mismatch` for a field whose value is out of its range."""
    for name, value in fields.items():
        low, high = _RANGES.get(name, (value, value))
        if not low <= value <= high:
            raise Mismatch(f"invalid value for {name} (valid values {low} - {high}): {value}")


def _resolve_date(fields: dict[str, int], style: Style) -> int | None:
    """Days since 1970 if the fields determine the date; what contradicts it is a `Mismatch`."""
    _resolve_era(fields, style)
    if values := _take(fields, "local_weekday"):
        _agree(fields, "weekday", (values[0] + 5) % 7 + 1)
    date = _find_date(fields, style)
    if date is None:
        return None
    found = date_fields(date)
    for name in _OF_DATE:
        if fields.pop(name, found[name]) != found[name]:
            shown = "-".join(str(found[part]) for part in ("year", "month", "day"))
            raise Mismatch(f"conflict: {name} is not that of {shown}")
    return date


def _find_date(fields: dict[str, int], style: Style) -> int | None:
    if {"year", "month", "day"} <= fields.keys():
        return _year_month_day(fields.pop("year"), fields.pop("month"), fields.pop("day"), style)
    if values := _take(fields, "year", "day_of_year"):
        return day_of_year(*values)
    if values := _take(fields, "week_year", "week", "weekday"):
        year, week, weekday = values
        return iso_week(year, week) + weekday - 1
    if values := _take(fields, "local_week_year", "local_week", "weekday"):
        year, week, weekday = values
        date = calendar.first_sunday(year) + 7 * (week - 1) + weekday % 7
        if calendar.sunday_week_date(date)[0] == year:
            return date
        raise Mismatch(f"{year} has no week {week}")
    return None


def _take(fields: dict[str, int], *names: str) -> list[int] | None:
    """Remove fields if all are there, and return their values, which must be in range."""
    if not fields.keys() >= set(names):
        return None
    taken = {name: fields.pop(name) for name in names}
    check_ranges(taken)
    return [*taken.values()]


def _year_month_day(year: int, month: int, day: int, style: Style) -> int:
    if style == "lenient":
        return calendar.days(year + (month - 1) // 12, (month - 1) % 12 + 1) + day - 1
    check_ranges({"year": year, "month": month, "day": day})
    if style == "smart":
        day = min(day, calendar.days_in_month(year, month))
    return day_of_month(year, month, day)


def day_of_month(year: int, month: int, day: int) -> int:
    """Return the day, counted from 1970; raises `Mismatch` if the month does not have it.

    Args:
        year: Any year; the one before 1 is 0.
        month: 1 to 12.
        day: 1 to 31.
    """
    if not (1 <= month <= 12 and 1 <= day <= calendar.days_in_month(year, month)):
        raise Mismatch(f"invalid date {year}-{month}-{day}")
    return calendar.days(year, month, day)


def day_of_year(year: int, day: int) -> int:
    """Return the day, counted from 1970; raises `Mismatch` if the year does not have it."""
    if not 1 <= day <= calendar.days_in_year(year):
        raise Mismatch(f"{year} has no day {day}")
    return calendar.days(year) + day - 1


def iso_week(year: int, week: int) -> int:
    """Return the Monday, counted from 1970; raises `Mismatch` if the year has no such week."""
    if week > calendar.weeks_in_year(year):
        raise Mismatch(f"{year} has no week {week}")
    return calendar.first_monday(year) + 7 * (week - 1)


def _resolve_era(fields: dict[str, int], style: Style) -> None:
    if "year_of_era" not in fields:
        return
    check_ranges({"year_of_era": fields["year_of_era"]})
    year, era = fields.get("year"), fields.pop("era", None)
    if year is None and era is None and style == "strict":
        return
    if era is None:
        era = year is None or year > 0
    of_era = fields.pop("year_of_era")
    _agree(fields, "year", of_era if era else 1 - of_era)


def _resolve_time(fields: dict[str, int], style: Style) -> int | None:
    """Nanoseconds of the day if the fields determine the time."""
    _resolve_clock_hours(fields)
    _split_time_of_day(fields)
    units = ("hour", "minute", "second", "nano")
    present = [name in fields for name in units]
    if not present[0] or present != sorted(present, reverse=True):
        return None
    midnight = style == "smart" and [fields.get(name, 0) for name in units] == [24, 0, 0, 0]
    if style != "lenient" and not midnight:
        check_ranges({name: fields[name] for name in units if name in fields})
    hour, minute, second, nano = (fields.pop(name, 0) for name in units)
    return ((hour * 60 + minute) * 60 + second) * _NANOS + nano


def _resolve_clock_hours(fields: dict[str, int]) -> None:
    for clock, hour, wrap in (("clock_hour", "hour", 24), ("clock_hour12", "hour12", 12)):
        if values := _take(fields, clock):
            _agree(fields, hour, values[0] % wrap)
    if values := _take(fields, "half", "hour12"):
        _agree(fields, "hour", values[0] * 12 + values[1])


def _split_time_of_day(fields: dict[str, int]) -> None:
    if values := _take(fields, "milli_of_day"):
        # Milliseconds leave what is smaller to a fraction that was read as well.
        nano = values[0] * 10**6 + fields.get("nano", 0) % 10**6
    elif values := _take(fields, "nano_of_day"):
        nano = values[0]
    else:
        return
    second, nano = divmod(nano, _NANOS)
    minute, second = divmod(second, 60)
    parts = {"hour": minute // 60, "minute": minute % 60, "second": second, "nano": nano}
    for name, value in parts.items():
        _agree(fields, name, value)


def _agree(fields: dict[str, int], name: str, value: int) -> None:
    if fields.setdefault(name, value) != value:
        raise Mismatch(f"conflict: {name} is {fields[name]} and {value}")
