"""The `kv` filter against its own Ruby code, and where it meets the event.

``kv.jsonl`` holds what `parse_value` of logstash-filter-kv 4.7.0 returned on JRuby 9.4.13.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.logstash.filters.recorded import recorded
from tests.logstash.filters.runs import faults, run
from toolkit.languages.ruby_regex import RegexTimeout


def pairs(options: dict[str, Any], value: Any) -> Any:
    """What is found, or that it fails."""
    if faults("kv", options):
        return "error"
    [event] = run("kv", {**options, "target": "kv"}, {"message": value})
    return "error" if "tags" in event else event.get("kv", {})


def test_pairs_are_those_that_the_plugin_finds() -> None:
    cases = recorded("kv.jsonl")
    assert [
        case
        for case in cases
        if pairs(case["options"], case["value"]) != case.get("pairs", "error")
    ] == []


def test_pairs_are_set_one_by_one_until_a_key_is_no_reference() -> None:
    [event] = run("kv", {"tag_on_failure": ["x", "y"]}, {"message": "a=1 b[=2 c=3", "c": 0})
    assert event == {"message": "a=1 b[=2 c=3", "a": "1", "c": 0, "tags": ["x", "y"]}


def test_keys_are_references_but_in_a_target() -> None:
    [event] = run("kv", {}, {"message": "[x][y]=3 a.b=4"})
    assert (event["x"], event["a.b"]) == ({"y": "3"}, "4")
    [event] = run("kv", {"target": "t"}, {"message": "[x][y]=3"})
    assert event["t"] == {"[x][y]": "3"}


def test_a_target_under_a_scalar_fails() -> None:
    [event] = run("kv", {"target": "[message][kv]"}, {"message": "a=1"})
    assert event == {"message": "a=1", "tags": ["_kv_filter_error"]}


def test_defaults_give_way_and_count_as_success() -> None:
    options = {"default_keys": {"a": "0", "z": ["1", "2"]}, "add_tag": ["ok"]}
    [event] = run("kv", options, {"message": "a=1"})
    assert event == {"message": "a=1", "a": "1", "z": ["1", "2"], "tags": ["ok"]}
    [event] = run("kv", options, {})
    assert event == {"a": "0", "z": ["1", "2"], "tags": ["ok"]}
    assert run("kv", {"add_tag": ["ok"]}, {"message": "none"}) == [{"message": "none"}]


def test_prefix_and_wanted_keys_are_filled_in_from_the_event() -> None:
    options = {"prefix": "%{p}_", "include_keys": ["%{k}", "b"], "exclude_keys": ["b"]}
    [event] = run("kv", options, {"message": "a=1 b=2 c=3", "p": "x", "k": "a"})
    assert event == {"message": "a=1 b=2 c=3", "p": "x", "k": "a", "x_a": "1"}


def test_a_part_of_the_value_that_is_held_counts_as_a_duplicate() -> None:
    options = {"allow_duplicate_values": False}
    assert pairs(options, "a=10 a=1 a=2 a=1 a=2") == {"a": ["10", "2", "1"]}
    assert pairs(options, "a=10 a=1 a=0") == {"a": "10"}


def test_text_that_is_no_utf_8_fails() -> None:
    [event] = run("kv", {}, {"message": "a=\udcff"})
    assert event["tags"] == ["_kv_filter_error"]


def test_a_timeout_has_a_tag_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    deadlines = []

    class Endless:
        groups = 1

        def search(self, text: str, start: int = 0, *, deadline: float | None = None) -> None:
            deadlines.append(deadline)
            raise RegexTimeout

    monkeypatch.setattr("toolkit.languages.ruby_regex.compile", lambda pattern: Endless())
    options = {"timeout_millis": 250, "tag_on_timeout": "slow", "default_keys": {"a": "1"}}
    assert run("kv", options, {"message": "a=1"}) == [{"message": "a=1", "tags": ["slow"]}]
    run("kv", {**options, "timeout_millis": 0}, {"message": "a=1"})
    assert deadlines == [0.25, None]


@pytest.mark.parametrize(
    ("options", "option", "place", "logstash"),
    [
        ({"field_split_pattern": "a("}, "field_split_pattern", "a(", ": /a(/"),
        ({"trim_value": "a[]"}, "trim_value", "a[]", ": /^[a[]]+|[a[]]+$/"),
        ({"field_split": ""}, "field_split", "", "empty char-class: /[]/"),
        ({"value_split": ""}, "value_split", "", "'value_split' must be a non-empty string"),
        ({"value_split_pattern": ""}, "value_split_pattern", "", "must be a non-empty string"),
    ],
)
def test_faults_say_where(options: dict[str, Any], option: str, place: str, logstash: str) -> None:
    [fault] = faults("kv", options)
    assert fault.option == option
    assert fault.logstash.endswith(logstash)
    assert fault.start is None or options[option][fault.start : fault.end] in place


def test_all_faults_are_found_at_once() -> None:
    options = {"trim_key": "z-a", "remove_char_value": "z-a", "value_split": ""}
    assert {fault.option for fault in faults("kv", options)} == set(options)
