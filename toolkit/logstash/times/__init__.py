"""Dates as Java prints and reads them: Joda-Time formats and java.time formats.

Pure: the zone, the locale and the clock are arguments. ``nanoseconds`` are since 1970 UTC.
"""

from __future__ import annotations

from toolkit.logstash.times.epochs import Number, tai64n, unix, unix_ms
from toolkit.logstash.times.errors import FormatError
from toolkit.logstash.times.iso8601 import iso8601
from toolkit.logstash.times.java_time import format_java
from toolkit.logstash.times.joda import JodaFormat, parser_joda
from toolkit.logstash.times.printing import format_joda
from toolkit.logstash.times.zones import UTC_ZONE, Zone, ZoneError, find_zone

__all__ = [
    "UTC_ZONE",
    "FormatError",
    "JodaFormat",
    "Number",
    "Zone",
    "ZoneError",
    "find_zone",
    "format_java",
    "format_joda",
    "iso8601",
    "parser_joda",
    "tai64n",
    "unix",
    "unix_ms",
]
