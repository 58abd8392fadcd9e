"""Reading a date: one regular expression, whose groups set fields in a fixed order."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from toolkit.languages.joda_time.fields import FIELDS, combine
from toolkit.languages.joda_time.pieces import FieldSlot, OffsetSlot, Slot, ZoneSlot
from toolkit.languages.time_zones import Zone

Reading = tuple[int, int | None, Zone | None]
"""A local time, and the offset and the zone that were read; all in milliseconds."""

_CIVIL = {
    "year": 1970,
    "monthOfYear": 1,
    "dayOfMonth": 1,
    "hourOfDay": 0,
    "minuteOfHour": 0,
    "secondOfMinute": 0,
    "fractionOfSecond": 0,
}
"""The fields of a plain date, and what they are if nothing sets them."""
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_DAY, _MONTH = FIELDS["dayOfMonth"].unit, FIELDS["monthOfYear"].unit
_ABSENT = -1


class DateReader:
    """A compiled format. Call it with a text; `ValueError` if the text is no such date."""

    def __init__(
        self, regex: str, slots: Sequence[Slot], *, default_year: int | None = None
    ) -> None:
        """Prepare a reader; its expression is compiled by the first text.

        Args:
            regex: Group n of it is for slot n; groups may be absent from a match.
            slots: What sets which field, or the offset or zone.
            default_year: The year of a format that has a month or a day and no year.
        """
        self._regex = regex
        places = list(enumerate(slots))
        self._offsets = [(i, s.convert) for i, s in places if isinstance(s, OffsetSlot)]
        self._zones = [(i, s.find) for i, s in places if isinstance(s, ZoneSlot)]
        steps = [(s.field, i, s.convert) for i, s in places if isinstance(s, FieldSlot)]
        self._steps = sorted(steps, key=lambda step: step[0].order)
        if not (self._steps and _DAY <= self._steps[0][0].unit <= _MONTH):
            default_year = None
        self._base = [] if default_year is None else [(FIELDS["year"], default_year)]
        first = {field.name: (i, convert) for field, i, convert in reversed(self._steps)}
        defaults = _CIVIL if default_year is None else _CIVIL | {"year": default_year}
        self._civil = [(*first.get(name, (_ABSENT, int)), d) for name, d in defaults.items()]
        plain = {i for i, _, _ in self._civil}
        self._others = [i for _, i, _ in self._steps if i not in plain]

    @cached_property
    def _match(self) -> Callable[[str], re.Match[str] | None]:
        """Compiled by the first text: a check of a configuration reads none."""
        return re.compile(self._regex, re.DOTALL).fullmatch

    def __call__(self, text: str) -> Reading:
        """Read a local time, and the offset and the zone if there are any."""
        match = self._match(text)
        if not match:
            raise ValueError(f'Invalid format: "{text}"')
        groups = (*match.groups(), None)
        return self._local(groups), _last(self._offsets, groups), _last(self._zones, groups)

    def _local(self, groups: Sequence[str | None]) -> int:
        if not any(groups[i] for i in self._others):
            try:
                return self._civil_time(groups)
            except (ValueError, OverflowError):
                pass
        given = [
            (field, convert(text)) for field, i, convert in self._steps if (text := groups[i])
        ]
        return combine((*self._base, *given))

    def _civil_time(self, groups: Sequence[str | None]) -> int:
        """Do what `combine` does, quicker, for the usual fields of the years 1 to 9999."""
        year, month, day, hour, minute, second, fraction = [
            convert(text) if (text := groups[i]) else default
            for i, convert, default in self._civil
        ]
        if hour > 23 or minute > 59 or second > 59:
            raise ValueError(f"no time of day: {hour}:{minute}:{second}")
        days = date(year, month, day).toordinal() - _EPOCH_ORDINAL
        return (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + fraction


def _last(
    readers: Sequence[tuple[int, Callable[[str], Any]]], groups: Sequence[str | None]
) -> Any:
    """Return the value of the last group that took part."""
    found = None
    for i, read in readers:
        if text := groups[i]:
            found = read(text)
    return found


def resolve(reading: Reading, zone: Zone) -> int:
    """Return the instant of a reading, in milliseconds; ``zone`` is for those without one.

    `ValueError` for a local time that clocks skip.
    """
    local, offset, found = reading
    if offset is not None:
        return local - offset
    return local - (found or zone).local_offset(local // 1000) * 1000
