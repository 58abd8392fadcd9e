"""An instant as the fields that formats print, in UTC."""

from __future__ import annotations

from collections.abc import Mapping

from toolkit.languages.java_time import calendar

__all__ = ["moment"]

NANOS = 10**9


def moment(nanoseconds: int) -> Mapping[str, int]:
    """The fields of an instant, given in nanoseconds since 1970."""
    epoch_second, nano = divmod(nanoseconds, NANOS)
    date, second_of_day = divmod(epoch_second, 86_400)
    year, month, day = calendar.from_days(date)
    week_year, week = calendar.to_week(date)
    local_week_year, local_week = calendar.to_local_week(date)
    hour, rest = divmod(second_of_day, 3600)
    return {
        "year": year,
        "year_of_era": year if year > 0 else 1 - year,
        "era": int(year > 0),
        "quarter": (month + 2) // 3,
        "month": month,
        "day": day,
        "day_of_year": date - calendar.days(year) + 1,
        "weekday": calendar.weekday(date),
        "week_year": week_year,
        "week": week,
        "local_week_year": local_week_year,
        "local_week": local_week,
        "local_weekday": calendar.weekday(date) % 7 + 1,
        "hour": hour,
        "clock_hour": hour or 24,
        "hour12": hour % 12,
        "clock_hour12": hour % 12 or 12,
        "half": hour // 12,
        "minute": rest // 60,
        "second": rest % 60,
        "nano": nano,
        "milli_of_day": second_of_day * 1000 + nano // 10**6,
        "nano_of_day": second_of_day * NANOS + nano,
    }
