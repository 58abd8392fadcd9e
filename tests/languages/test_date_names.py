"""Names of months and weekdays, found by a language tag."""

from __future__ import annotations

import pytest

from toolkit.languages.date_names import ENGLISH, find_names


def test_english_is_what_was_recorded_for_it() -> None:
    assert find_names("en") is ENGLISH
    recorded = find_names("en-US")
    assert recorded == ENGLISH


@pytest.mark.parametrize(
    ("locale", "month", "short"),
    [
        ("de", "Januar", "Jan."),
        ("de-AT", "Jänner", "Jän."),
        ("de-XX-1996", "Januar", "Jan."),
        ("DE-at", "Jänner", "Jän."),
        ("fr-FR.UTF-8", "janvier", "janv."),
        ("in", "Januari", "Jan"),
        ("english", "Jan", "Jan"),
        ("C", "Jan", "Jan"),
        ("", "Jan", "Jan"),
    ],
)
def test_any_tag_has_names(locale: str, month: str, short: str) -> None:
    names = find_names(locale)
    assert (names.months[0], names.short_months[0]) == (month, short)
