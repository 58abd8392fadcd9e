"""From fields to an instant: Java's resolving, then Elasticsearch's guesses for what is missing.

A pattern with ``yyyy`` (year of era) and no era leaves its date unresolved in Java, and
Elasticsearch puts it together itself: so a wrong day of the week goes unnoticed there, while
``uuuu`` notices. What is missing is 1970-01-01, or the first of the month or year.
"""

from __future__ import annotations

import zoneinfo
from datetime import datetime, timedelta
from typing import Literal

from toolkit.languages.java_time import calendar
from toolkit.languages.java_time.parsed import Mismatch, NoInstant, Parsed

__all__ = ["NANOS", "Style", "resolve"]

Style = Literal["strict", "smart", "lenient"]
NANOS = 10**9
_DAY = 86_400
_CYCLE = 146_097 * _DAY
"""Seconds of 400 years, after which the calendar repeats."""
_FAR = 5 * _CYCLE
_BEFORE_ZONES = -4 * _CYCLE
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
    "local_week_year": (-999_999_999, 999_999_999),
    "local_week": (1, 53),
    "local_weekday": (1, 7),
    "milli_of_day": (0, _DAY * 1000 - 1),
    "nano_of_day": (0, _DAY * NANOS - 1),
}
_OF_TIME = {name for name in _RANGES if "of_day" in name or "hour" in name}
_OF_TIME |= {"minute", "second", "nano", "half"}


def resolve(parsed: Parsed, style: Style = "strict") -> int:
    """The instant, in nanoseconds since 1970; raises `Mismatch`."""
    fields = dict(parsed.fields)
    zone = parsed.zone if parsed.zone is not None else fields.pop("offset", 0)
    date = _resolve_date(fields, style)
    time = _resolve_time(fields, style)
    if style != "lenient":
        _check_ranges({name: value for name, value in fields.items() if name in _OF_TIME})
    if date is None:
        try:
            date = _put_together(fields, timed=time is not None)
        except Mismatch as mismatch:
            raise NoInstant(str(mismatch)) from None
        # Midnight at the end of a day is on the next one only where Java knows the day.
        time = time and time % (_DAY * NANOS)
    second = date * _DAY + (time or 0) // NANOS
    return (second - _offset(zone, second)) * NANOS + (time or 0) % NANOS


def _check_ranges(fields: dict[str, int]) -> None:
    for name, value in fields.items():
        low, high = _RANGES.get(name, (value, value))
        if not low <= value <= high:
            raise Mismatch(f"invalid value for {name} (valid values {low} - {high}): {value}")


def _resolve_date(fields: dict[str, int], style: Style) -> int | None:
    """Days since 1970 where Java knows the date; what contradicts it raises `Mismatch`."""
    _resolve_era(fields, style)
    if "local_weekday" in fields:
        _check_ranges({"local_weekday": fields["local_weekday"]})
        _agree(fields, "weekday", (fields.pop("local_weekday") + 5) % 7 + 1)
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
    return _find_local_week_date(fields)


def _find_local_week_date(fields: dict[str, int]) -> int | None:
    if not {"local_week_year", "local_week", "weekday"} <= fields.keys():
        return None
    _check_ranges(fields)
    names = ("local_week_year", "local_week", "weekday")
    year, week, weekday = (fields.pop(name) for name in names)
    date = calendar.first_week(year) + 7 * (week - 1) + weekday % 7
    if calendar.to_local_week(date)[0] != year:
        raise Mismatch(f"{year} has no week {week}")
    return date


def _day_of_year(year: int, day: int) -> int:
    if not 1 <= day <= 365 + calendar.is_leap(year):
        raise Mismatch(f"{year} has no day {day}")
    return calendar.days(year) + day - 1


def _resolve_era(fields: dict[str, int], style: Style) -> None:
    if "year_of_era" not in fields:
        return
    _check_ranges({"year_of_era": fields["year_of_era"]})
    if "era" not in fields and style == "strict":
        return
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
    midnight = style == "smart" and [fields.get(name, 0) for name in units] == [24, 0, 0, 0]
    if style != "lenient" and not midnight:
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
    year = fields.get("year", fields.get("year_of_era"))
    if year is not None and "month" in fields and "day" in fields:
        return _date(fields, year, fields["day"])
    if year is not None and "day_of_year" in fields:
        _check_year(fields, year)
        return _day_of_year(year, fields["day_of_year"])
    if timed or (year is None and "month" in fields):
        return _guess_date(fields, 1970 if year is None else year)
    if year is not None:
        return _date({"month": 1, **fields}, year, 1)
    if "week_year" in fields or "local_week_year" in fields:
        return _first_of_week(fields)
    raise Mismatch("neither a date nor a time")


def _guess_date(fields: dict[str, int], year: int) -> int:
    if "week_year" in fields or "local_week_year" in fields:
        return _first_of_week(fields)
    return _date(fields, year, fields.get("day", 1)) if "month" in fields else 0


def _date(fields: dict[str, int], year: int, day: int) -> int:
    _check_year(fields, year)
    return calendar.days(year, fields["month"], day)


def _check_year(fields: dict[str, int], year: int) -> None:
    _check_ranges({"year_of_era" if "year_of_era" in fields else "year": year})


def _first_of_week(fields: dict[str, int]) -> int:
    """The first day of a week, or of the first week of a year; a 53rd may be the next year's."""
    _check_ranges({name: value for name, value in fields.items() if "week" in name})
    if "week_year" in fields:
        return calendar.from_week(fields["week_year"], 1, 1) + 7 * (fields.get("week", 1) - 1)
    return calendar.first_week(fields["local_week_year"]) + 7 * (fields.get("local_week", 1) - 1)


def _offset(zone: str | int, local_second: int) -> int:
    """Seconds east of UTC at a local time; in a gap that before it, twice-told the earlier."""
    if isinstance(zone, int):
        return zone
    if local_second > _FAR:
        local_second = _FAR + (local_second - _FAR) % _CYCLE - _CYCLE
    local = datetime(1970, 1, 1) + timedelta(seconds=max(local_second, _BEFORE_ZONES))
    offset = local.replace(tzinfo=zoneinfo.ZoneInfo(zone), fold=0).utcoffset() or timedelta()
    return int(offset.total_seconds())
