"""The `mutate` filter, beyond what is recorded of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.logstash.filters.runs import faults, run
from toolkit.logstash.event.values import Timestamp

FAILED = {"tags": ["_mutate_error"]}


def mutated(options: dict[str, Any], fields: dict[str, Any], **changes: Any) -> dict[str, Any]:
    [event] = run("mutate", options, fields, **changes)
    return event


def converted(kind: str, value: Any, release: str = "9.2.0") -> Any:
    event = mutated({"convert": {"f": kind}}, {"f": value}, plugin_versions=release)
    return "failed" if "tags" in event else event["f"]


@pytest.mark.parametrize(
    ("text", "until", "since"),
    [
        ("12abc", 12, "failed"),
        ("", 0, "failed"),
        ("1e3", 1, 1000),
        ("0x10", 0, 16),
        ("-0X1f", 0, -31),
        ("0x1.8p1", 0, 3),
        ("1,234.9", 1234, 1234),
        (" 1_000 ", 1000, 1000),
        ("nan", 0, "failed"),
    ],
)
def test_integers_are_read_strictly_since_9_2_1(text: str, until: Any, since: Any) -> None:
    assert converted("integer", text, "9.2.0") == converted("integer", text, "8.19.0") == until
    assert converted("integer", text, "9.2.1") == converted("integer", text, "10.0.0") == since


@pytest.mark.parametrize(
    ("text", "until", "since"),
    [("1.5x", 1.5, "failed"), ("1.", 1.0, "failed"), ("0x10", 0.0, 16.0), ("1e-2", 0.01, 0.01)],
)
def test_floats_are_read_strictly_since_9_2_1(text: str, until: Any, since: Any) -> None:
    assert converted("float", text, "9.2.0") == until
    assert converted("float", text, "9.2.1") == since


@pytest.mark.parametrize(
    ("kind", "value", "result"),
    [
        ("integer", Decimal("1e30"), 10**30),
        ("integer", float("inf"), "failed"),
        ("integer", Decimal("1e2000000000"), "failed"),
        ("integer", Timestamp(1_999_999_999), 1),
        ("integer", [1.5, None, True], [1, None, 1]),
        ("integer", [["1"]], "failed"),
        ("float", Timestamp(1_234_567_890), 1.234),
        ("float", 10**400, float("inf")),
        ("float", Decimal("0.25"), 0.25),
        ("float", [{}], "failed"),
        ("float_eu", "1.234,5", 1234.5),
        (
            "string",
            [1.0, ["a", None], Decimal("1.50"), None],
            ["1.0", '["a", nil]', "0.15e1", None],
        ),
        ("boolean", ["x\nYES", "1-0", "10", Decimal(1)], [True, True, "10", Decimal(1)]),
        ("boolean", ["0", "f", "", "0.0"], [False] * 4),
    ],
)
def test_values_of_any_kind_are_converted(kind: str, value: Any, result: Any) -> None:
    assert converted(kind, value) == result


def test_each_field_is_converted_before_the_next_fails() -> None:
    options = {"convert": ["a", "integer", "b", "integer", "c", "integer"]}
    event = mutated(options, {"a": "1", "b": [{}], "c": "3"})
    assert event == {"a": 1, "b": [{}], "c": "3", **FAILED}


def test_the_order_is_that_of_the_plugin_not_of_the_configuration() -> None:
    options = {
        "copy": {"f": "copied"},
        "join": {"f": "+"},
        "split": {"f": "-"},
        "strip": ["f"],
        "lowercase": ["f"],
        "gsub": ["f", "B", "-"],
        "rename": {"e": "f"},
        "add_field": {"seen": "%{copied}"},
    }
    text = "ax + xc"
    assert mutated(options, {"e": " Ax B xC "}) == {"f": text, "copied": text, "seen": text}


def test_a_failure_ends_everything_that_would_follow() -> None:
    options = {"strip": ["f"], "copy": {"f": "g"}, "add_tag": ["done"], "tag_on_failure": "bad"}
    assert mutated(options, {"f": [1]}) == {"f": [1], "tags": ["bad"]}


def test_a_renamed_field_is_lost_where_it_cannot_be_put() -> None:
    event = mutated({"rename": {"f": "[g][h]"}}, {"f": 1, "g": "scalar"})
    assert event == {"g": "scalar", **FAILED}


@pytest.mark.parametrize(
    ("held", "added", "result"),
    [
        (["a"], ["b", "c"], ["a", "B", "C"]),
        ("a", ["b", "c"], ["a", "C"]),
        (None, ["b", "c"], ["C"]),
        ("a", ["missing"], ["a"]),
        ({"k": 1}, ["b", "hash", "more"], {"k": 2, "l": 3}),
        (["a"], ["hash"], ["a"]),
    ],
)
def test_only_a_list_takes_more_than_the_last_of_several(
    held: Any, added: list[str], result: Any
) -> None:
    fields = {"f": held, "b": "B", "c": "C", "hash": {"k": 2}, "more": {"l": 3}}
    assert mutated({"merge": {"f": added}}, fields)["f"] == result


def test_what_is_merged_or_copied_is_not_shared() -> None:
    options = {"merge": {"into": "list"}, "copy": {"list": "twin"}}
    event = mutated(options, {"list": [["x"]]})
    event["list"][0].append("y")
    assert (event["into"], event["twin"]) == ([["x"]], [["x"]])


def test_an_empty_array_is_joined_by_anything() -> None:
    assert mutated({"join": {"f": 1}}, {"f": []}) == {"f": ""}
    assert mutated({"join": {"f": 1}}, {"f": ["a"]}) == {"f": ["a"], **FAILED}


@pytest.mark.parametrize(
    ("option", "value"),
    [("split", {"f": 1}), ("copy", {"f": ["a"]}), ("merge", {"f": 1}), ("gsub", [1, "a", "b"])],
)
def test_values_of_the_wrong_kind_fail_with_each_event(option: str, value: Any) -> None:
    assert mutated({option: value}, {"f": "a"}) == {"f": "a", **FAILED}


def test_a_needle_may_refer_to_fields() -> None:
    options = {"gsub": ["f", "%{needle}", "<%{f}>"]}
    assert mutated(options, {"f": "a.b", "needle": "."})["f"] == "<a.b><a.b><a.b>"
    assert mutated(options, {"f": "a", "needle": "("}) == {"f": "a", "needle": "(", **FAILED}


def test_an_unknown_type_is_a_fault_with_its_place() -> None:
    [fault] = faults("mutate", {"convert": {"a": "integer", "b": "long"}})
    assert (fault.option, fault.path, fault.kind) == ("convert", ("b",), "convert-type")
    assert fault.logstash == (
        "Invalid conversion type 'long', expected one of "
        "'string,integer,float,boolean,integer_eu,float_eu'"
    )


def test_each_bad_needle_is_a_fault_with_its_place() -> None:
    found = faults("mutate", {"gsub": ["f", "a(", "x", "g", "%{a}(", "y", "h", 5, "z"]})
    assert [(fault.kind, fault.path) for fault in found] == [
        ("regex", (1,)),
        ("gsub-needle", (7,)),
    ]
    assert found[0].start is not None


def test_gsub_goes_by_threes() -> None:
    [fault] = faults("mutate", {"gsub": ["f", "a"]})
    assert fault.kind == "gsub-count"
    assert fault.logstash == (
        'Invalid gsub configuration ["f", "a", nil]. gsub requires 3 non-nil elements per config '
        "entry"
    )
