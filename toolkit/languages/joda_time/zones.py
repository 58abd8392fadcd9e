"""The names and offsets of time zones that Joda-Time reads."""

from __future__ import annotations

import re
from datetime import timedelta, timezone
from functools import lru_cache
from zoneinfo import available_timezones

from toolkit.languages.time_zones import UTC_ZONE, Zone, region

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
"""The zone names that ``z`` reads, and their zones, whose summer time applies as well."""


class ZoneError(ValueError):
    """No zone has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The datetime zone id '{name}' is not recognised")


@lru_cache(maxsize=1024)
def find_zone(name: str) -> Zone:
    """Find a zone by its id, or by an offset such as ``+02:00`` or ``UTC+2``; `ZoneError` else.

    >>> find_zone("+0530").offset(0), find_zone("Europe/Berlin").local_offset(0)
    (19800, 3600)
    """
    if name in ("UTC", "UT", "GMT", "Z"):
        return UTC_ZONE
    if name in zone_ids():
        return region(name)
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
