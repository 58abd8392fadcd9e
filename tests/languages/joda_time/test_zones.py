"""Zones: names, offsets, and the two sides of a transition."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.languages.joda_time.zones import ZoneError, find_zone, zone_ids
from toolkit.languages.time_zones import UTC_ZONE


@pytest.mark.parametrize(
    ("name", "offset"),
    [
        ("UTC", 0),
        ("Z", 0),
        ("+02:00", 7200),
        ("-0330", -12600),
        ("+01", 3600),
        ("UTC+01:30", 5400),
        ("UT-02", -7200),
        ("GMT-08:00:01", -28801),
        ("EST", -18000),
    ],
)
def test_zones_have_ids_or_offsets(name: str, offset: int) -> None:
    assert find_zone(name).offset(1_700_000_000) == offset


@pytest.mark.parametrize(
    "name", ["", "Mars/Phobos", "+2", "UTC+2", "+24:00", "+01:60", "europe/berlin", "PST", "%{tz}"]
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(ZoneError, match="is not recognised"):
        find_zone(name)


def test_the_zone_of_the_machine_has_no_id() -> None:
    assert {"localtime", "Factory", "posixrules"}.isdisjoint(zone_ids())


@given(
    st.datetimes(datetime(1800, 1, 1), datetime(2500, 1, 1)),
    st.sampled_from(["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Tehran"]),
)
def test_offsets_are_those_of_the_database(moment: datetime, name: str) -> None:
    aware = moment.replace(microsecond=0, tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(name))
    offset = aware.utcoffset()
    assert offset is not None
    assert find_zone(name).offset(int(aware.timestamp())) == offset.total_seconds()


@given(st.integers(-(10**11), 10**12), st.sampled_from(["Europe/Berlin", "America/New_York"]))
def test_a_local_time_leads_back_to_an_instant_of_its_own(instant: int, name: str) -> None:
    zone = find_zone(name)
    local = instant + zone.offset(instant)
    found = local - zone.local_offset(local)
    assert found in (instant, instant - 3600)
    assert found + zone.offset(found) == local


def test_the_far_future_repeats_the_rules_of_today() -> None:
    summer = int(datetime(2400, 7, 1).timestamp())
    winter = int(datetime(2400, 1, 15).timestamp())
    cycle = 146097 * 86400
    berlin = find_zone("Europe/Berlin")
    for distance in (0, 1, 50, 700_000):
        assert berlin.offset(summer + distance * cycle) == 7200
        assert berlin.offset(winter + distance * cycle) == 3600
    assert berlin.offset(-(10**13)) == 3208


@pytest.mark.parametrize(
    ("local", "strict", "lenient"),
    [(1711852200, None, 3600), (1711848599, 3600, 3600), (1711854000, 7200, 7200)],
)
def test_a_gap_has_no_offset(local: int, strict: int | None, lenient: int) -> None:
    berlin = find_zone("Europe/Berlin")
    assert berlin.lenient_offset(local) == lenient
    if strict is None:
        with pytest.raises(ValueError, match="time zone offset transition"):
            berlin.local_offset(local)
    else:
        assert berlin.local_offset(local) == strict
    assert UTC_ZONE.local_offset(local) == 0
