"""The named formats of Elasticsearch 9.2.0.

Facts of its reference and its behaviour. ``named.json`` has them as layouts (see `formats`): by
name the layouts that are read, in order, and the one that is printed, if not the first. The
resolver style is ``smart`` where the 31st of February is its last day, ``lenient`` where it is
the 3rd of March.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import TypedDict, cast

from toolkit.elasticsearch.date_formats.iso8601 import MONTH, NANO, SECOND, YEAR, Iso8601
from toolkit.languages.java_time.resolve import Style


class NamedFormat(TypedDict, total=False):
    """A format in layouts."""

    read: Sequence[str]
    """Absent for those of `ISO`."""
    write: str
    style: Style


@cache
def named_formats() -> Mapping[str, NamedFormat]:
    """Return all formats by their names."""
    text = resources.files(__package__).joinpath("named.json").read_text("ascii")
    return cast("Mapping[str, NamedFormat]", json.loads(text))


ISO: Mapping[str, Iso8601] = {
    "iso8601": Iso8601(),
    "strict_date_optional_time": Iso8601(),
    "strict_date_optional_time_nanos": Iso8601(least=SECOND, optional_time=True),
    "strict_date_time": Iso8601(least=SECOND, separators=".", zone="mandatory"),
    "strict_date_time_no_millis": Iso8601(least=SECOND, most=SECOND, zone="mandatory"),
    "strict_date_hour_minute_second": Iso8601(least=SECOND, most=SECOND, zone="forbidden"),
    "strict_date_hour_minute_second_fraction": Iso8601(
        NANO, NANO, separators=".", zone="forbidden"
    ),
    "strict_date_hour_minute_second_millis": Iso8601(NANO, NANO, separators=".", zone="forbidden"),
    "strict_year_month": Iso8601(MONTH, MONTH, zone="forbidden"),
    "strict_year": Iso8601(YEAR, YEAR, zone="forbidden"),
}
