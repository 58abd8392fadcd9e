"""Elasticsearch's own parser of ISO 8601, for ``strict_date_optional_time`` and similar ones.

It accepts a comma before the fraction, offsets with and without colon, and names of zones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from toolkit.elasticsearch.date_formats.resolution import NoInstant, instant
from toolkit.languages.java_time.parsed import Mismatch, Parsed
from toolkit.languages.java_time.zones import is_region

_SHAPE = re.compile(
    r"(?P<sign>-?)(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})"
    r"(?P<T>T(?:(?P<hour>[0-9]{2})(?::(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})"
    r"(?:(?P<point>[.,])(?P<nano>[0-9]{1,9}))?)?)?(?P<zone>[-+A-Za-z].*)?)?)?)?)?",
    re.DOTALL,
)
_USUAL = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])\.([0-9]{3})Z"
)
_OFFSET = re.compile(
    r"([+-])([0-9]{2})(?:([0-9]{2})([0-9]{2})?|:([0-9]{2})(?::([0-9]{2}))?)?",
)
_AFTER_PREFIX = re.compile(
    r"(?:UTC|GMT|UT)([+-])([0-9]{2}|[0-9]$)(?:([0-9]{2})([0-9]{2})?|:([0-9]{2})(?::([0-9]{2}))?)?"
)
_UNITS = ("year", "month", "day", "hour", "minute", "second", "nano")
_MOST = {"month": 12, "day": 31, "hour": 23, "minute": 59, "second": 59}
YEAR, MONTH, DAY, _, _, SECOND, NANO = range(1, 8)


@dataclass(frozen=True, slots=True)
class Iso8601:
    """The required and the allowed parts of a text."""

    least: int = YEAR
    most: int = NANO
    optional_time: bool = False
    separators: str = ".,"
    zone: Literal["optional", "forbidden", "mandatory"] = "optional"

    def read(self, text: str) -> int:
        """Parse an instant, in nanoseconds since 1970; raise `Mismatch`."""
        if self.most == NANO and self.zone != "forbidden" and (usual := _USUAL.fullmatch(text)):
            return self._usual(*usual.groups())
        match = _SHAPE.fullmatch(text)
        if match is None:
            raise Mismatch("not ISO 8601")
        count = sum(match[unit] is not None for unit in _UNITS)
        self._check(match, count)
        parsed = Parsed({unit: int(match[unit]) for unit in _UNITS[:count]}, _zone(match["zone"]))
        if match["nano"]:
            parsed.fields["nano"] = int(match["nano"].ljust(9, "0"))
        if match["sign"]:
            parsed.fields["year"] *= -1
        for unit, most in _MOST.items():
            if parsed.fields.get(unit, 0) > most:
                raise Mismatch(f"{unit} {parsed.fields[unit]} is beyond {most}")
        try:
            return instant(parsed)
        except Mismatch as mismatch:
            raise NoInstant(str(mismatch)) from None

    def _usual(self, day: str, hour: str, minute: str, second: str, milli: str) -> int:
        """Return the instant of a text in the most common form, by a shorter way."""
        seconds = (int(hour) * 60 + int(minute)) * 60 + int(second)
        return _midnight(day) + seconds * 10**9 + int(milli) * 10**6

    def _check(self, match: re.Match[str], count: int) -> None:
        date_alone = self.optional_time and count <= DAY and not match["T"]
        if count < self.least and not date_alone:
            raise Mismatch(f"no {_UNITS[count]}")
        if count > self.most or (match["T"] and self.most <= DAY):
            raise Mismatch("more than the format allows")
        if match["point"] and match["point"] not in self.separators:
            raise Mismatch(f"no `{self.separators}` before the fraction")
        if self.zone == ("mandatory" if match["zone"] is None else "forbidden") and count > DAY:
            raise Mismatch(f"a zone is {self.zone}")


@lru_cache(maxsize=64)
def _midnight(day: str) -> int:
    return Iso8601().read(f"{day}T00:00:00Z")


def _zone(text: str | None) -> str | int | None:
    if text is None:
        return None
    if text in ("Z", "UTC", "GMT", "UT"):
        return 0
    if match := _OFFSET.fullmatch(text) or _AFTER_PREFIX.fullmatch(text):
        sign, hours, *rest = match.groups()
        minutes, seconds = (rest[i] or rest[i + 2] or "0" for i in (0, 1))
        return _total(sign, int(hours), int(minutes), int(seconds))
    if not is_region(text):
        raise Mismatch(f"no zone `{text}`")
    return text


def _total(sign: str, hours: int, minutes: int, seconds: int) -> int:
    total = hours * 3600 + minutes * 60 + seconds
    if minutes > 59 or seconds > 59 or total > 18 * 3600:
        raise Mismatch("no such offset")
    return -total if sign == "-" else total
