"""Time zones as Joda-Time names and applies them.

Offsets are seconds east of UTC, instants and local times seconds since 1970.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from toolkit.languages import calendar

__all__ = [
    "ABBREVIATIONS",
    "OFFSET",
    "UTC_ZONE",
    "Zone",
    "ZoneError",
    "find_zone",
    "offset_milliseconds",
    "zone_ids",
]

_DAY = 86400
_CYCLE = 146097 * _DAY
"""After 400 years all dates fall on the same weekdays again."""
_FIRST, _LAST = calendar.days(1, 1, 3) * _DAY, calendar.days(9998, 1, 1) * _DAY
_MOST_DAYS = 1 << 16
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# What follows the hours decides at once which form is meant; there is no way back.
OFFSET = (
    r"[+-](?:[01][0-9]|2[0-3])"
    r"(?:(?![:0-9])"
    r"|:[0-5][0-9](?:(?!:)|:[0-5][0-9](?:(?![.,])|[.,][0-9]{1,3}+))"
    r"|[0-5][0-9](?:(?![0-9])|[0-5][0-9](?:(?![0-9])|[0-9]{1,3}+)))"
)
"""A regular expression for the offsets that Joda reads, from ``+01`` to ``-01:02:03.004``."""
_OFFSET = re.compile(OFFSET)

ABBREVIATIONS = {
    "UT": "UTC",
    "UTC": "UTC",
    "GMT": "UTC",
    "EST": "America/New_York",
    "EDT": "America/New_York",
    "CST": "America/Chicago",
    "CDT": "America/Chicago",
    "MST": "America/Denver",
    "MDT": "America/Denver",
    "PST": "America/Los_Angeles",
    "PDT": "America/Los_Angeles",
}
"""The zone names that ``z`` reads, and the zones they stand for (daylight saving and all)."""


class ZoneError(ValueError):
    """No zone has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The datetime zone id '{name}' is not recognised")


class Zone:
    """A zone whose offsets are looked up once a day and remembered."""

    __slots__ = ("_local", "_rules", "_utc", "name")

    def __init__(self, name: str, rules: tzinfo) -> None:
        self.name = name
        self._rules = rules
        self._utc: dict[int, int | None] = {}
        self._local: dict[int, int | None] = {}

    def __repr__(self) -> str:
        return f"Zone({self.name!r})"

    def offset(self, instant: int) -> int:
        """Return the offset in force at an instant."""
        day = instant // _DAY
        try:
            steady = self._utc[day]
        except KeyError:
            first, last = self._offset(day * _DAY), self._offset(day * _DAY + _DAY - 1)
            steady = _remember(self._utc, day, first if first == last else None)
        return self._offset(instant) if steady is None else steady

    def local_offset(self, local: int) -> int:
        """Return the offset of a local time, the earlier instant's if there are two.

        `ValueError` if clocks skip that time.
        """
        day = local // _DAY
        try:
            steady = self._local[day]
        except KeyError:
            before, after = self.offset((day - 1) * _DAY), self.offset((day + 2) * _DAY)
            steady = _remember(self._local, day, before if before == after else None)
        return self._near_transition(local) if steady is None else steady

    def lenient_offset(self, local: int) -> int:
        """Like `local_offset`, with the offset before the gap for a time that is skipped."""
        try:
            return self.local_offset(local)
        except ValueError:
            return self.offset(local - _DAY)

    def _near_transition(self, local: int) -> int:
        for offset in (self.offset(local - _DAY), self.offset(local + _DAY)):
            if self.offset(local - offset) == offset:
                return offset
        raise ValueError(f"Illegal instant due to time zone offset transition ({self.name})")

    def _offset(self, instant: int) -> int:
        if instant > _LAST:
            instant = (instant - _LAST) % _CYCLE + _LAST - _CYCLE
        moment = _EPOCH + timedelta(seconds=max(instant, _FIRST))
        offset = moment.astimezone(self._rules).utcoffset()
        return 0 if offset is None else int(offset.total_seconds())


def _remember(cache: dict[int, int | None], day: int, offset: int | None) -> int | None:
    if len(cache) >= _MOST_DAYS:
        cache.clear()
    cache[day] = offset
    return offset


UTC_ZONE = Zone("UTC", UTC)


@lru_cache(maxsize=1024)
def find_zone(name: str) -> Zone:
    """Find a zone by its id, or by an offset such as ``+02:00`` or ``UTC+2``; `ZoneError` else.

    >>> find_zone("+0530").offset(0), find_zone("Europe/Berlin").local_offset(0)
    (19800, 3600)
    """
    if name in ("UTC", "UT", "GMT", "Z"):
        return UTC_ZONE
    if name in zone_ids():
        return Zone(name, ZoneInfo(name))
    offset = re.sub(r"^(?:UTC?|GMT)(?=[+-])", "", name)
    if not _OFFSET.fullmatch(offset):
        raise ZoneError(name)
    seconds = offset_milliseconds(offset) // 1000
    return Zone(name, timezone(timedelta(seconds=seconds))) if seconds else UTC_ZONE


def offset_milliseconds(text: str) -> int:
    """Read an offset that `OFFSET` has matched.

    >>> offset_milliseconds("-0330"), offset_milliseconds("+01:02:03.4")
    (-12600000, 3723400)
    """
    digits = re.sub(r"[^0-9]", "", text).ljust(6, "0")
    hours, minutes, seconds = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    length = ((hours * 60 + minutes) * 60 + seconds) * 1000 + int(digits[6:].ljust(3, "0"))
    return -length if text[0] == "-" else length


@lru_cache(maxsize=1)
def zone_ids() -> frozenset[str]:
    """Every id that names a zone, wherever this runs."""
    return frozenset(available_timezones()) - {"localtime", "posixrules", "Factory"} | {"UTC"}
