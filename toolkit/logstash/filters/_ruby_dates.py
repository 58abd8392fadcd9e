"""The date converters of Ruby's CSV library, which the csv filter offers.

As csv 3.2.5 and date 3.3.3 on JRuby 9.4 do, for ``2024-05-06`` and ``May 6, 2024``. Ruby
also takes texts of the second shape that name no month, ``foo 12 2024``, and completes what
it makes of them with the present date; here they stay text.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo

from toolkit.logstash.event.values import Timestamp

_CENTURY_PIVOT = 69
_DAY = 86_400
_SPACE = r"[\t-\r ]"
_DATE = re.compile(
    rf"(?:(?:\w+,?{_SPACE}+)?\w+{_SPACE}+\d{{1,2}},?{_SPACE}+\d{{2,4}}|(\d{{4}})-(\d\d)-(\d\d))",
    re.ASCII,
)
_DATE_TIME = re.compile(
    rf"""(?:\w+,?{_SPACE}+)?\w+{_SPACE}+\d{{1,2}}{_SPACE}+
    (?P<clock>\d{{1,2}}:\d{{1,2}}:\d{{1,2}}),?{_SPACE}+\d{{2,4}}
    |(?P<iso>\d{{4}}-\d\d-\d\d)(?:[T\t-\r ](?P<hour>\d\d):(?P<minute>\d\d)
    (?::(?P<second>\d\d)(?:\.(?P<fraction>\d+))?(?P<zone>[+-]\d\d:\d\d|Z)?)?)?""",
    re.ASCII | re.VERBOSE,
)
_WEEKDAY = re.compile(r"\b(?:sun|mon|tue|wed|thu|fri|sat)[^-/\d\s]*", re.IGNORECASE)
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_ERA = r"(?:c(?:e|\.e\.)|b(?:ce|\.c\.e\.)|a(?:d|\.d\.)|b(?:c|\.c\.))?"
_DAY_FIRST = re.compile(
    rf"(?P<day>\d+)[^-\d\s]*\s*(?P<month>{_MONTHS})[^-\d\s']*"
    rf"(?:\s*{_ERA}\s*(?P<year>\d+))?",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"\b(?P<month>{_MONTHS})[^-\d\s']*\s*(?P<day>\d+)[^-\d\s']*"
    rf"(?:\s*,?\s*{_ERA}\s*(?P<year>\d+))?",
    re.IGNORECASE,
)


def to_date(text: str, zone: tzinfo) -> Timestamp | str:
    """Parse a date: midnight in ``zone``; other text is returned unchanged.

    >>> str(to_date("May 6, 24", UTC)), to_date("6.5.2024", UTC)
    ('2024-05-06T00:00:00.000Z', '6.5.2024')
    """
    match = _DATE.fullmatch(text)
    if match is None:
        return text
    try:
        found = date(*map(int, match.groups())) if match[1] else _named(text)
        return Timestamp.at(datetime(found.year, found.month, found.day, tzinfo=zone))
    except (ValueError, OverflowError):
        return text


def to_date_time(text: str) -> Timestamp | str:
    """Parse a date with a time, in UTC unless it has an offset.

    >>> str(to_date_time("2024-05-06 01:02:03+02:00"))
    '2024-05-05T23:02:03.000Z'
    """
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        return text
    try:
        if match["iso"]:
            return _iso(match)
        day = _named(text.replace(match["clock"], " "))
        return _moment(day, *map(int, match["clock"].split(":")))
    except (ValueError, OverflowError):
        return text


def _iso(match: re.Match[str]) -> Timestamp:
    time = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    moment = _moment(date.fromisoformat(match["iso"]), *time)
    fraction = int((match["fraction"] or "0")[:9].ljust(9, "0"))
    return Timestamp(moment.nanoseconds - _offset(match["zone"]) * 10**9 + fraction)


def _offset(zone: str | None) -> int:
    """Seconds east; more than a day counts as nothing, a day is an error."""
    if zone is None or zone == "Z":
        return 0
    seconds = int(zone[1:3]) * 3600 + int(zone[4:]) * 60
    if seconds == _DAY:
        raise ValueError(zone)
    if seconds > _DAY:
        return 0
    return -seconds if zone[0] == "-" else seconds


def _moment(day: date, hour: int, minute: int, second: int) -> Timestamp:
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        raise ValueError("no such time")
    time = timedelta(hours=hour, minutes=minute, seconds=min(second, 59))
    return Timestamp.at(datetime(day.year, day.month, day.day, tzinfo=UTC) + time)


def _named(text: str) -> date:
    """Find the month's name; the number before or after it is the day, the next the year."""
    text = _WEEKDAY.sub(" ", text.replace("_", " "), count=1)
    match = _DAY_FIRST.search(text) or _MONTH_FIRST.search(text)
    if match is None or not match["year"]:
        raise ValueError(text)
    day, year = match["day"], match["year"]
    if len(day) > 2:
        day, year = year, day
    month = _MONTHS.split("|").index(match["month"].lower()) + 1
    return date(int(year) + _century(year), month, int(day))


def _century(year: str) -> int:
    if len(year) > 2:
        return 0
    return 1900 if int(year) >= _CENTURY_PIVOT else 2000
