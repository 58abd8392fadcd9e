"""Formats and guesses, where a recording would not say what is meant."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.languages.joda_time import (
    UTC_ZONE,
    FormatError,
    JodaFormat,
    find_zone,
    format_joda,
)

MILLISECOND = 1_000_000


def nanoseconds(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 10**9


def read(pattern: str, text: str, *, zone: str = "UTC", now: str = "2026-11-23T13:20") -> str:
    compiled = JodaFormat(pattern, locale="en", now=lambda: nanoseconds(now))
    milliseconds = compiled.milliseconds(text, find_zone(zone))
    return format_joda("yyyy-MM-dd'T'HH:mm", milliseconds * MILLISECOND)


@pytest.mark.parametrize(
    ("now", "text", "year"),
    [
        ("2026-11-23T00:00", "Dec 31", 2026),
        ("2026-11-23T00:00", "Jan 01", 2026),
        ("2026-12-01T00:00", "Jan 31", 2027),
        ("2026-12-01T00:00", "Feb 01", 2026),
        ("2026-01-31T23:59", "Dec 01", 2025),
        ("2026-01-31T23:59", "Nov 30", 2026),
    ],
)
def test_a_missing_year_is_the_nearest_around_the_turn_of_the_year(
    now: str, text: str, year: int
) -> None:
    assert read("MMM dd", text, now=now).startswith(f"{year}-")


def test_the_year_is_the_one_of_the_machine() -> None:
    compiled = JodaFormat(
        "MMM dd",
        locale="en",
        now=lambda: nanoseconds("2026-12-31T23:30"),
        home=find_zone("Asia/Tokyo"),
    )
    assert compiled.milliseconds("Feb 03", UTC_ZONE) * MILLISECOND == nanoseconds("2027-02-03")


def test_a_quoted_y_counts_as_a_year() -> None:
    assert read("MMM dd 'day'", "Dec 31 day", now="2026-01-15T00:00") == "2026-12-31T00:00"
    assert read("MMM dd 'Tag'", "Dec 31 Tag", now="2026-01-15T00:00") == "2025-12-31T00:00"


@pytest.mark.parametrize(
    ("text", "year"), [("45", "2045"), ("46", "2046"), ("47", "1947"), ("1946", "1946")]
)
def test_two_digits_mean_a_year_near_this_one(text: str, year: str) -> None:
    assert read("yy", text, now="2027-01-01T00:00")[:4] == year
    assert read("yy", text, now="2026-01-01T00:00")[:4] == ("1946" if text == "46" else year)


def test_skipped_times_fail_and_repeated_ones_are_the_earlier() -> None:
    with pytest.raises(ValueError, match="Europe/Berlin"):
        read("yyyy-MM-dd HH:mm", "2024-03-31 02:30", zone="Europe/Berlin")
    for zone, utc in (("Europe/Berlin", "00:30"), ("+01:00", "01:30")):
        assert read("yyyy-MM-dd HH:mm", "2024-10-27 02:30", zone=zone) == f"2024-10-27T{utc}"


def test_a_guessed_year_may_lead_into_a_gap_and_past_it() -> None:
    pattern, text = "MM-dd HH:mm", "03-27 02:30"
    assert read(pattern, text, zone="Europe/Berlin", now="2021-05-01T00:00") == "2021-03-27T01:30"
    with pytest.raises(ValueError, match="Berlin"):
        read(pattern, text, zone="Europe/Berlin", now="2022-05-01T00:00")


def test_a_zone_that_is_read_must_have_the_time_even_where_it_is_not_used() -> None:
    assert read("MMM dd HH:mm z", "Mar 08 03:30 EST", zone="Asia/Tokyo") == "2026-03-07T18:30"
    with pytest.raises(ValueError, match="New_York"):
        read("MMM dd HH:mm z", "Mar 08 02:30 EST", zone="Asia/Tokyo")


def test_offsets_may_have_seconds_and_a_fraction() -> None:
    compiled = JodaFormat("yyyy HH:mm Z", locale="en", now=lambda: 0)
    milliseconds = compiled.milliseconds("2024 10:00 +01:02:03,4", UTC_ZONE)
    assert milliseconds == 1704099476600


def test_fractions_are_printed_in_15_digits_at_most() -> None:
    assert format_joda("S'|'SSSSSSSSSSSSSSSSSS", 123 * MILLISECOND) == "1|123000000000000"
    assert format_joda("S" * 18, 0) == "0" * 18


@pytest.mark.parametrize(
    ("pattern", "message", "span"),
    [
        ("", "Pattern is null or empty", (0, None)),
        ("yyyy-MM-dd QQ", "Illegal pattern component: QQ", (11, 13)),
        ("n", "Illegal pattern component: n", (0, 1)),
        ("'", "Both printing and parsing not supported", (0, 1)),
        ("HH zzzz", "Parsing not supported", (3, 7)),
    ],
)
def test_illegal_formats_say_where(
    pattern: str, message: str, span: tuple[int, int | None]
) -> None:
    with pytest.raises(FormatError, match=message) as caught:
        JodaFormat(pattern, locale="en", now=lambda: 0)
    assert (caught.value.start, caught.value.end) == span


FORMATS = (
    "yyyy-MM-dd HH:mm:ss.SSS",
    "EEEE, d MMMM yyyy h:mm:ss a SSS",
    "yyyy-MM-dd kk:mm:ss,SSS",
    "yyyyDDDHHmmssSSS",
    "yyyy/D K 'o''clock' a m s SSSZZ",
    "dd.MM.yyyy HH:mm:ss SSS ZZZ",
)


@pytest.mark.parametrize("pattern", FORMATS)
@given(st.datetimes(datetime(1, 1, 8), datetime(9999, 12, 1)))
def test_what_is_printed_is_read_back(pattern: str, moment: datetime) -> None:
    instant = int((moment - datetime(1970, 1, 1)).total_seconds()) * 10**9
    read = JodaFormat(pattern, locale="en", now=lambda: 0).milliseconds
    assert read(format_joda(pattern, instant), UTC_ZONE) * 10**6 == instant


@given(st.text("0123456789:-+.,TZWaAeE ", max_size=24), st.sampled_from(FORMATS))
def test_any_text_is_a_date_or_a_value_error(text: str, pattern: str) -> None:
    read = JodaFormat(pattern, locale="en", now=lambda: 0).milliseconds
    with suppress(ValueError):
        assert isinstance(read(text, find_zone("Europe/Berlin")), int)
