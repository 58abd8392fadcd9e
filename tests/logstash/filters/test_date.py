"""The `date` filter, beyond what is recorded of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.logstash.filters.runs import faults, run
from toolkit.logstash.event.values import Timestamp
from toolkit.logstash.filters import PipelineDied

FAILED = ["_dateparsefailure"]


def dated(formats: list[str], value: Any, *, world: Any = None, **options: Any) -> Any:
    """The time that was read, as text; the tags if none was."""
    fields = {"f": value, "tz": "Asia/Tokyo", "bad": "Mars"}
    [event] = run("date", {"match": ["f", *formats], **options}, fields, **(world or {}))
    return event["tags"] if "tags" in event else str(event["@timestamp"])


@pytest.mark.parametrize(
    ("formats", "value", "result"),
    [
        (["yyyy", "UNIX"], 86400, "1970-01-02T00:00:00.000Z"),
        (["UNIX_MS", "UNIX"], "1.5", "1970-01-01T00:00:01.500Z"),
        (["UNIX"], Decimal("1.2345"), "1970-01-01T00:00:01.234Z"),
        (["UNIX_MS"], 2.9, "1970-01-01T00:00:00.002Z"),
        (["UNIX"], True, FAILED),
        (["UNIX"], 1 << 80, FAILED),
        (["UNIX"], Timestamp(0), FAILED),
        (["TAI64N"], 5, FAILED),
        (["yyyy"], 2024, FAILED),
        (["ISO8601"], {"a": 1}, FAILED),
        (["ISO8601"], ["2024"], FAILED),
    ],
)
def test_numbers_are_for_the_formats_of_numbers(
    formats: list[str], value: Any, result: Any
) -> None:
    assert dated(formats, value) == result


@pytest.mark.parametrize(
    ("options", "result"),
    [
        ({}, "2024-05-06T05:00:00.000Z"),
        ({"timezone": "UTC"}, "2024-05-06T07:00:00.000Z"),
        ({"timezone": "%{tz}"}, "2024-05-05T22:00:00.000Z"),
        ({"timezone": "%{bad}"}, FAILED),
        ({"timezone": "%{missing}"}, FAILED),
        ({"timezone": "+%{missing}"}, FAILED),
    ],
)
@pytest.mark.parametrize(
    ("pattern", "text"),
    [("yyyy-MM-dd HH", "2024-05-06 07"), ("ISO8601", "2024-05-06T07:00:00")],
)
def test_the_zone_is_the_one_of_the_option_or_the_machine(
    options: dict[str, str], result: Any, pattern: str, text: str
) -> None:
    world = {"timezone": ZoneInfo("Europe/Berlin")}
    assert dated([pattern], text, world=world, **options) == result


def test_the_zone_matters_to_texts_only() -> None:
    assert dated(["yyyy", "UNIX"], "86400.0", timezone="%{bad}") == "1970-01-02T00:00:00.000Z"
    assert faults("date", {"match": ["f", "UNIX", "TAI64N"], "timezone": "Mars"}) == []


def test_locales_may_have_underscores() -> None:
    for locale in ("de_AT", "de-AT"):
        assert dated(["d MMMM yyyy"], "1 Jänner 2024", locale=locale) == "2024-01-01T00:00:00.000Z"
        assert dated(["d MMMM yyyy"], "1 Januar 2024", locale=locale) == FAILED


@pytest.mark.parametrize("value", [None, "absent"])
def test_no_value_changes_nothing(value: str | None) -> None:
    fields = {"f": None} if value is None else {}
    [event] = run("date", {"match": ["f", "ISO8601"], "add_tag": ["done"]}, {**fields})
    assert event == fields


def test_the_common_options_run_on_success_only() -> None:
    options = {"match": ["f", "ISO8601"], "add_tag": ["%{+yyyy}"], "remove_field": ["f"]}
    [event] = run("date", options, {"f": "2024-05-06"})
    assert event["tags"] == ["2024"]
    assert "f" not in event
    [event] = run("date", {**options, "tag_on_failure": ["a", "b", "a"]}, {"f": "x"})
    assert event == {"f": "x", "tags": ["a", "b"]}


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        ({"match": ["f", "TAI64N"]}, {"f": "@4000"}),
        ({"match": ["f", "ISO8601"], "target": "[g][h]"}, {"f": "2024", "g": "scalar"}),
        ({"match": ["[f", "ISO8601"]}, {"f": "2024"}),
    ],
)
def test_what_logstash_does_not_survive(options: dict[str, Any], fields: dict[str, Any]) -> None:
    with pytest.raises(PipelineDied, match="date"):
        run("date", options, fields)


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({}, [("date-match", (), None)]),
        ({"match": ["f"]}, [("date-match", (), None)]),
        ({"match": ["f", "yyyy-MM-dd QQ"]}, [("date-format", (1,), 11)]),
        (
            {"match": ["f", "ISO8601", "yyyy n", ""]},
            [("date-format", (n,), s) for n, s in ((2, 5), (3, 0))],
        ),
        ({"match": ["f", "yyyy", "HH zzzz"]}, [("date-format", (2,), 3)]),
        (
            {"match": ["f", "ISO8601", "b"], "timezone": "Mars"},
            [("date-format", (2,), 0), ("date-zone", (), None)],
        ),
    ],
)
def test_every_fault_is_found_at_start(options: dict[str, Any], found: list[Any]) -> None:
    observed = faults("date", options)
    assert [(fault.kind, fault.path, fault.start) for fault in observed] == found
    assert all(fault.logstash and fault.why and fault.fix for fault in observed)
