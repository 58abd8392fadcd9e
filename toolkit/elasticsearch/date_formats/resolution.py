"""The instant of a parsed text, with Elasticsearch's defaults for missing parts.

A pattern with ``yyyy`` (year of era) and no era leaves its date unresolved in Java, and
Elasticsearch combines it itself: so a wrong day of the week is ignored there, while with
``uuuu`` it is an error. The defaults are 1970-01-01, and the first of the month or year.
"""

from __future__ import annotations

from collections.abc import Mapping

from toolkit.languages import calendar
from toolkit.languages.java_time.parsed import Mismatch, Parsed
from toolkit.languages.java_time.resolve import (
    Style,
    check_ranges,
    day_of_month,
    day_of_year,
    resolve,
)
from toolkit.languages.time_zones import region

_NANOS = 10**9
_DAY = 86_400


class NoInstant(Mismatch):
    """The text has the format but is not a valid date: Elasticsearch tries no other format."""


def instant(parsed: Parsed, style: Style = "strict") -> int:
    """Return nanoseconds since 1970; raise `Mismatch`, or its subclass `NoInstant`."""
    resolved = resolve(parsed, style)
    date, time = resolved.date, resolved.time or 0
    if date is None:
        try:
            date = _default_date(resolved.fields, timed=resolved.time is not None)
        except Mismatch as mismatch:
            raise NoInstant(str(mismatch)) from None
        # 24:00 is on the next day only where Java itself resolved the date.
        time %= _DAY * _NANOS
    second, nano = divmod(time, _NANOS)
    local = date * _DAY + second
    return (local - _offset(resolved.zone, local)) * _NANOS + nano


def _offset(zone: str | int | None, local: int) -> int:
    """Return the seconds east of UTC at a local time."""
    return region(zone).lenient_offset(local) if isinstance(zone, str) else zone or 0


def _default_date(fields: Mapping[str, int], *, timed: bool) -> int:
    year = fields.get("year", fields.get("year_of_era"))
    if year is not None and "month" in fields and "day" in fields:
        return _date(fields, year, fields["day"])
    if year is not None and "day_of_year" in fields:
        _check_year(fields, year)
        return day_of_year(year, fields["day_of_year"])
    if timed or (year is None and "month" in fields):
        return _partial_date(fields, 1970 if year is None else year)
    if year is not None:
        return _date({"month": 1, **fields}, year, 1)
    if "week_year" in fields or "local_week_year" in fields:
        return _first_of_week(fields)
    raise Mismatch("neither a date nor a time")


def _partial_date(fields: Mapping[str, int], year: int) -> int:
    if "week_year" in fields or "local_week_year" in fields:
        return _first_of_week(fields)
    return _date(fields, year, fields.get("day", 1)) if "month" in fields else 0


def _date(fields: Mapping[str, int], year: int, day: int) -> int:
    _check_year(fields, year)
    return day_of_month(year, fields["month"], day)


def _check_year(fields: Mapping[str, int], year: int) -> None:
    check_ranges({"year_of_era" if "year_of_era" in fields else "year": year})


def _first_of_week(fields: Mapping[str, int]) -> int:
    """Return the first day of a week, or of a year's first; a 53rd may be the next year's."""
    check_ranges({name: value for name, value in fields.items() if "week" in name})
    if "week_year" in fields:
        return calendar.first_monday(fields["week_year"]) + 7 * (fields.get("week", 1) - 1)
    return calendar.first_sunday(fields["local_week_year"]) + 7 * (fields.get("local_week", 1) - 1)
