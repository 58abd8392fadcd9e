"""From fields to an instant: Java's resolving, then Elasticsearch's guesses for what is missing.

A pattern with ``yyyy`` (year of era) and no era leaves its date unresolved in Java, and
Elasticsearch puts it together itself: so a wrong day of the week goes unnoticed there, while
``uuuu`` notices. What is missing is 1970-01-01, or the first of the month or year.
"""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta
from typing import Literal

from toolkit.elasticsearch.javatime import calendar
from toolkit.elasticsearch.javatime.parsed import Mismatch, Parsed

__all__ = ["NANOS", "Style", "resolve"]

Style = Literal["strict", "smart", "lenient"]
NANOS = 10**9
_DAY = 86_400
_RANGES = {
    "hour": (0, 23),
    "minute": (0, 59),
    "second": (0, 59),
    "nano": (0, NANOS - 1),
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
    "milli_of_day": (0, _DAY * 1000 - 1),
    "nano_of_day": (0, _DAY * NANOS - 1),
}
_EPOCH_SECONDS = range(-31_557_014_167_219_200, 31_556_889_864_403_200)


def resolve(parsed: Parsed, style: Style = "strict") -> int:
    """The instant, in nanoseconds since 1970; raises `Mismatch`."""
    fields = dict(parsed.fields)
    if "epoch_second" in fields:
        return _from_epoch(fields)
    zone = parsed.zone if parsed.zone is not None else fields.pop("offset", 0)
    date = _resolve_date(fields, style)
    time = _resolve_time(fields, style)
    if style != "lenient":
        _check_ranges(fields)
    if date is None:
        date = _put_together(fields, timed=time is not None)
    second = date * _DAY + (time or 0) // NANOS
    return (second - _offset(zone, second)) * NANOS + (time or 0) % NANOS


def _from_epoch(fields: dict[str, int]) -> int:
    second, nano = fields["epoch_second"], fields.get("nano", 0)
    if second not in _EPOCH_SECONDS or not 0 <= nano < NANOS:
        raise Mismatch("unable to obtain an instant")
    return second * NANOS + nano


def _check_ranges(fields: dict[str, int]) -> None:
    for name, value in fields.items():
        low, high = _RANGES.get(name, (value, value))
        if not low <= value <= high:
            raise Mismatch(f"invalid value for {name} (valid values {low} - {high}): {value}")


def _resolve_date(fields: dict[str, int], style: Style) -> int | None:
    """Days since 1970 where Java knows the date; what contradicts it raises `Mismatch`."""
    _resolve_era(fields, style)
    date = _find_date(fields, style)
    if date is None:
        return None
    year, month, day = calendar.from_days(date)
    known = {
        "year": year,
        "month": month,
        "day": day,
        "day_of_year": date - calendar.days(year) + 1,
        "weekday": calendar.weekday(date),
        "year_of_era": year if year > 0 else 1 - year,
        "quarter": (month + 2) // 3,
    }
    for name, value in known.items():
        if fields.pop(name, value) != value:
            raise Mismatch(f"conflict: {name} is not that of {year}-{month}-{day}")
    return date


def _find_date(fields: dict[str, int], style: Style) -> int | None:
    if {"year", "month", "day"} <= fields.keys():
        year, month, day = (fields.pop(name) for name in ("year", "month", "day"))
        if style == "lenient":
            return calendar.days(year + (month - 1) // 12, (month - 1) % 12 + 1) + day - 1
        _check_ranges({"year": year, "month": month, "day": day})
        if style == "smart":
            day = min(day, calendar.length(year, month))
        return calendar.days(year, month, day)
    if {"year", "day_of_year"} <= fields.keys():
        _check_ranges(fields)
        return _day_of_year(fields.pop("year"), fields.pop("day_of_year"))
    if {"week_year", "week", "weekday"} <= fields.keys():
        _check_ranges(fields)
        week_date = (fields.pop(name) for name in ("week_year", "week", "weekday"))
        return calendar.from_week(*week_date)
    return None


def _day_of_year(year: int, day: int) -> int:
    if not 1 <= day <= 365 + calendar.is_leap(year):
        raise Mismatch(f"{year} has no day {day}")
    return calendar.days(year) + day - 1


def _resolve_era(fields: dict[str, int], style: Style) -> None:
    if "year_of_era" not in fields or ("era" not in fields and style == "strict"):
        return
    _check_ranges({"year_of_era": fields["year_of_era"]})
    of_era = fields.pop("year_of_era")
    year = of_era if fields.pop("era", 1) else 1 - of_era
    if fields.setdefault("year", year) != year:
        raise Mismatch("the years contradict each other")


def _resolve_time(fields: dict[str, int], style: Style) -> int | None:
    """Nanoseconds of the day where the time is known."""
    _resolve_clock_hours(fields)
    if "nano_of_day" in fields or "milli_of_day" in fields:
        _check_ranges(fields)
        millis = fields.pop("milli_of_day", 0)
        return fields.pop("nano_of_day", millis * 10**6)
    units = ("hour", "minute", "second", "nano")
    present = [name in fields for name in units]
    if not present[0] or present != sorted(present, reverse=True):
        return None
    if style != "lenient":
        _check_ranges({name: fields[name] for name in units if name in fields})
    hour, minute, second, nano = (fields.pop(name, 0) for name in units)
    return ((hour * 60 + minute) * 60 + second) * NANOS + nano


def _resolve_clock_hours(fields: dict[str, int]) -> None:
    for clock, hour, wrap in (("clock_hour", "hour", 24), ("clock_hour12", "hour12", 12)):
        if clock in fields:
            _check_ranges({clock: fields[clock]})
            _agree(fields, hour, fields.pop(clock) % wrap)
    if {"hour12", "half"} <= fields.keys():
        _check_ranges(fields)
        _agree(fields, "hour", fields.pop("half") * 12 + fields.pop("hour12"))


def _agree(fields: dict[str, int], name: str, value: int) -> None:
    if fields.setdefault(name, value) != value:
        raise Mismatch(f"conflict: {name} is {fields[name]} and {value}")


def _put_together(fields: dict[str, int], *, timed: bool) -> int:
    """A date from what Java left over, as Elasticsearch does it."""
    known = "year" in fields or "year_of_era" in fields
    year = fields.get("year", fields.get("year_of_era", 1970))
    if known and "month" in fields and "day" in fields:
        return calendar.days(year, fields["month"], fields["day"])
    if known and "day_of_year" in fields:
        return _day_of_year(year, fields["day_of_year"])
    if "week_year" in fields:
        return _first_of_week(fields["week_year"], fields.get("week"))
    if "month" in fields:
        dated = timed or not known
        return calendar.days(year, fields["month"], fields.get("day", 1) if dated else 1)
    if timed:
        return 0
    if known:
        return calendar.days(year)
    raise Mismatch("neither a date nor a time")


def _first_of_week(year: int, week: int | None) -> int:
    if week is None:
        # The year is changed on 1970-01-01, a Thursday of week 1, and taken back to its Monday.
        week = 1
    return calendar.from_week(year, week, 1)


def _offset(zone: str | int, local_second: int) -> int:
    """Seconds east of UTC at a local time; in a gap that before it, twice-told the earlier."""
    if isinstance(zone, int):
        return zone
    try:
        local = datetime(1970, 1, 1) + timedelta(seconds=local_second)
        offset = local.replace(tzinfo=zoneinfo.ZoneInfo(zone), fold=0).utcoffset()
    except OverflowError:
        offset = datetime(1970, 1, 1, tzinfo=UTC).astimezone(zoneinfo.ZoneInfo(zone)).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0
