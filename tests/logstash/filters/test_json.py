"""The `json` filter, beyond what is recorded of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.logstash.filters.runs import NOW, run, run_events
from toolkit.logstash.event.values import Timestamp

FAILED = {"tags": ["_jsonparsefailure"]}


def parsed(text: Any, **options: Any) -> dict[str, Any]:
    [event] = run("json", {"source": "m", **options}, {"m": text})
    return {name: event[name] for name in event if name != "m"}


def test_fractions_are_decimals_and_integers_exact() -> None:
    assert parsed('{"d":1.50,"i":123456789012345678901}') == {
        "d": Decimal("1.50"),
        "i": 123456789012345678901,
    }


def test_names_are_field_references_at_the_root_only() -> None:
    assert parsed('{"[a][b]":1}') == {"a": {"b": 1}}
    assert parsed('{"[a][b]":1}', target="t") == {"t": {"[a][b]": 1}}


def test_what_was_set_before_a_failure_stays() -> None:
    event = parsed('{"a":1,"tags":[1],"b":2}', add_field={"done": "yes"})
    assert event == {"a": 1, **FAILED}


@pytest.mark.parametrize("text", ["{", 12, True, ["{}"], {"a": 1}])
def test_only_json_text_can_be_read_and_the_rest_be_skipped(text: Any) -> None:
    assert parsed(text) == FAILED
    assert parsed(text, skip_on_invalid_json=True, add_tag=["done"]) == {}


@pytest.mark.parametrize("text", ["[1]", '"a"', "1", "null", ""])
def test_json_that_is_no_object_needs_a_target(text: str) -> None:
    assert parsed(text, skip_on_invalid_json=True, add_field={"done": "yes"}) == FAILED
    assert list(parsed(text, target="t", add_tag=["done"])) == ["t", "tags"]


@pytest.mark.parametrize("nothing", [None, False])
def test_nothing_to_read_is_left_alone(nothing: Any) -> None:
    assert parsed(nothing, add_tag=["done"]) == {}


def test_a_time_replaces_that_of_the_event() -> None:
    assert parsed('{"@timestamp":"2026-01-01T00:00:00.5Z"}') == {
        "@timestamp": Timestamp.parse("2026-01-01T00:00:00.500Z")
    }


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ('"soon"', "soon"),
        ("12", "12"),
        ("1.5", "0.15e1"),
        ('{"a":null}', '{"a"=>nil}'),
        ('""', ""),
    ],
)
def test_a_time_that_is_none_becomes_now(written: str, kept: str) -> None:
    assert parsed(f'{{"@timestamp":{written},"a":1}}', add_tag=["done"]) == {
        "a": 1,
        "@timestamp": Timestamp(NOW),
        "_@timestamp": kept,
        "tags": ["_timestampparsefailure", "done"],
    }


@pytest.mark.parametrize("nothing", ["null", "false"])
def test_no_time_changes_no_time(nothing: str) -> None:
    assert parsed(f'{{"@timestamp":{nothing}}}') == {}


def test_metadata_is_replaced() -> None:
    [event] = run_events(
        "json", {"source": "m"}, {"m": '{"@metadata":{"a":1}}', "@metadata": {"b": 2}}
    )
    assert event.metadata == {"a": 1}
