"""The format ``ISO8601`` of the date filter: Joda's ISO parser, then four formats with a blank."""

from __future__ import annotations

from functools import partial

from toolkit.languages.joda_time.fields import FIELDS
from toolkit.languages.joda_time.pieces import (
    OFFSET_SLOT,
    FieldSlot,
    number,
    offset,
    read_fraction,
)
from toolkit.languages.joda_time.reading import DateReader, resolve
from toolkit.languages.time_zones import Zone

_YEAR = number(9, signed=True)
_TWO = number(2)

# What follows the year shows whether it is one of months, of weeks or of days.
_DATE = (
    f"(?:{_YEAR}(?!-[0-9]{{3}}|-[wW][0-9])(?:-{_TWO}(?:-{_TWO})?+)?+"
    f"|{_YEAR}-[wW]{_TWO}(?:-{number(1)})?+"
    f"|{_YEAR}-{number(3)})"
)
_FRACTION = f"[.,]{number(9)}"
_TIME = f"{_TWO}(?::{_TWO}(?::{_TWO}(?:{_FRACTION})?+|{_FRACTION})?+|{_FRACTION})?+"
_OFFSET = f"(?:{offset()})?+"


def _slots(*names: str) -> list[FieldSlot]:
    return [FieldSlot(FIELDS[name]) for name in names]


def _fraction(name: str, span: int) -> FieldSlot:
    return FieldSlot(FIELDS[name], partial(read_fraction, span))


_ISO = DateReader(
    f"(?:{_DATE}|(?=[tT][0-9]))(?:[tT](?:{_TIME})?+{_OFFSET})?+",
    [
        *_slots("year", "monthOfYear", "dayOfMonth"),
        *_slots("weekyear", "weekOfWeekyear", "dayOfWeek"),
        *_slots("year", "dayOfYear"),
        *_slots("hourOfDay", "minuteOfHour", "secondOfMinute"),
        _fraction("fractionOfSecond", 1000),
        _fraction("fractionOfMinute", 60_000),
        _fraction("fractionOfHour", 3_600_000),
        OFFSET_SLOT,
    ],
)
_BLANK = DateReader(
    f"{_YEAR}-{_TWO}-{_TWO} {_TWO}:{_TWO}:{_TWO}[.,]{number(3)}{_OFFSET}",
    [
        *_slots("year", "monthOfYear", "dayOfMonth"),
        *_slots("hourOfDay", "minuteOfHour", "secondOfMinute"),
        _fraction("fractionOfSecond", 1000),
        OFFSET_SLOT,
    ],
)


def iso8601(text: str, zone: Zone) -> int:
    """Read an instant, in milliseconds since 1970; `ValueError` for any other text.

    ``zone`` is for texts without an offset.

    >>> from toolkit.languages.joda_time.zones import UTC_ZONE
    >>> iso8601("1970-W02", UTC_ZONE), iso8601("1970-01-01 00:00:01.5+0100", UTC_ZONE)
    (345600000, -3598500)
    """
    try:
        reading = _ISO(text)
    except ValueError:
        reading = _BLANK(text)
    return resolve(reading, zone)
