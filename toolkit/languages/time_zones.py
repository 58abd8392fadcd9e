"""Time zones, for any year: Java's rules of the tz database go on in both directions.

Offsets are seconds east of UTC, instants and local times seconds since 1970.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from toolkit.languages import calendar

_DAY = 86400
_CYCLE = 146097 * _DAY
"""After 400 years all dates fall on the same weekdays again."""
_FIRST, _LAST = calendar.days(1, 1, 3) * _DAY, calendar.days(9998, 1, 1) * _DAY
_MOST_DAYS = 1 << 16
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
def region(name: str) -> Zone:
    """Return the zone of a name in the tz database, such as ``Europe/Berlin``."""
    return Zone(name, ZoneInfo(name))
