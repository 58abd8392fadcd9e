"""Dates as Java prints and reads them, by the formats of Joda-Time.

Pure: the zone, the locale and the clock are arguments. ``nanoseconds`` are since 1970 UTC.
"""

from __future__ import annotations

from toolkit.languages.date_errors import FormatError
from toolkit.languages.joda_time.epochs import Number, tai64n, unix, unix_ms
from toolkit.languages.joda_time.iso8601 import iso8601
from toolkit.languages.joda_time.joda import JodaFormat
from toolkit.languages.joda_time.printing import format_joda
from toolkit.languages.joda_time.zones import ZoneError, find_zone
from toolkit.languages.time_zones import UTC_ZONE, Zone

__all__ = [
    "UTC_ZONE",
    "FormatError",
    "JodaFormat",
    "Number",
    "Zone",
    "ZoneError",
    "find_zone",
    "format_joda",
    "iso8601",
    "tai64n",
    "unix",
    "unix_ms",
]
