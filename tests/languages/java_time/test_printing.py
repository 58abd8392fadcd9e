"""java.time formats, where a recording would not say what is meant."""

from __future__ import annotations

import pytest

from toolkit.languages.java_time.printing import format_java
from toolkit.languages.joda_time import FormatError

INSTANT = 1_768_472_430_123_456_789


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSSXXX", "2026-01-15T10:20:30.123456789Z"),
        ("[uuuu][[-DDD]]", "2026-015"),
        ("YYYY-'W'ww e", "2026-W03 5"),
        ("EEE EEEE EEEEE, h a 'o''clock' ''", "Thu Thursday T, 10 AM o'clock '"),
        ("pppppH|ppQ", "   10| 1"),
        ("", ""),
        ("pppHppm", " 1020"),
        ("B", "in the morning"),
    ],
)
def test_instants_are_printed(pattern: str, text: str) -> None:
    assert format_java(pattern, INSTANT) == text


@pytest.mark.parametrize(
    ("pattern", "message", "span"),
    [
        ("TIMESTAMP", "Unknown pattern letter: T", (0, 1)),
        ("HH:mmm", "Too many pattern letters: m", (3, 6)),
        ("uuuu {", "reserved character: '{'", (5, 6)),
        ("HH 'x", "incomplete string literal", (3, 5)),
        ("HH]", "contains ] without previous", (2, 3)),
        ("pp", "must be followed by valid pad pattern", (0, 2)),
        ("pH", "exceeds pad width of 1", (0, None)),
        ("cc", 'Invalid pattern "cc"', (0, 2)),
        ("ppHHm", "a padded number is followed by a number", (4, 5)),
    ],
)
def test_illegal_formats_say_where(
    pattern: str, message: str, span: tuple[int, int | None]
) -> None:
    with pytest.raises(FormatError, match=message) as caught:
        format_java(pattern, INSTANT)
    assert (caught.value.start, caught.value.end) == span


def test_the_day_has_seven_parts() -> None:
    minutes = (0, 1, 359, 360, 719, 720, 721, 1080, 1260)
    assert [format_java("B", minute * 60 * 10**9) for minute in minutes] == [
        *("midnight", "at night", "at night", "in the morning", "in the morning"),
        *("noon", "in the afternoon", "in the evening", "at night"),
    ]


@pytest.mark.parametrize(
    ("day", "week"),
    [(20454, "2026-W01 1"), (20450, "2026-W01 5"), (20447, "2025-W52 4"), (-4, "1970-W01 5")],
)
def test_weeks_begin_on_sunday_and_the_first_has_the_first_of_january(day: int, week: str) -> None:
    assert format_java("YYYY-'W'ww W", day * 86400 * 10**9) == week


def test_years_of_more_digits_than_letters_have_a_sign() -> None:
    far = 51 * 10**18
    assert format_java("yyyy uuu uuuuu", far) == "3586 3586 03586"
    assert format_java("yyyy uuu uuuuu", 10 * far) == "+18131 18131 18131"
    assert format_java("uuuu yyyy G yy", -63 * 10**18) == "-0027 0028 BC 28"
