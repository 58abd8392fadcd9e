"""The filters `clone`, `drop`, `truncate`, `de_dot` and `urldecode`."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.logstash.filters.runs import faults, run
from toolkit.logstash.event.fieldref import FieldError


def test_a_clone_gets_a_tag_or_without_ecs_a_type() -> None:
    options = {"clones": ["a", "b"], "add_field": {"copied": "yes"}}
    assert run("clone", options, {"tags": "x"}) == [
        {"tags": "x"},
        {"tags": ["x", "a"], "copied": "yes"},
        {"tags": ["x", "b"], "copied": "yes"},
    ]
    assert run("clone", {"clones": "a"}, {}, ecs_compatibility="v1") == [{}, {"tags": ["a"]}]
    assert run("clone", {**options, "clones": "a"}, {}, ecs_compatibility="disabled") == [
        {},
        {"type": "a", "copied": "yes"},
    ]
    options["ecs_compatibility"] = "disabled"
    assert run("clone", options, {})[2] == {"type": "b", "copied": "yes"}


def test_no_clones_leave_the_event() -> None:
    assert run("clone", {"clones": []}, {"a": 1}) == [{"a": 1}]


def test_a_share_of_events_is_dropped() -> None:
    chance = random.Random(4)
    kept = [run("drop", {"percentage": 30}, {}, random=chance) for _ in range(1000)]
    assert 650 < kept.count([{}]) < 750
    assert run("drop", {}, {}) == run("drop", {"percentage": 100.0}, {}) == []
    assert run("drop", {"percentage": 0, "add_tag": ["never"]}, {}) == [{}]


@pytest.mark.parametrize(
    ("length", "text", "cut"),
    [(5, "abcdef", "abcde"), (5, "üüü", "üü"), (1, "ü", ""), (0, "a", ""), (-1, "a", None)],
)
def test_text_is_cut_between_characters(length: int, text: str, cut: Any) -> None:
    options = {"fields": "f", "length_bytes": length, "add_tag": "cut"}
    assert run("truncate", options, {"f": text}) == [{"f": cut, "tags": ["cut"]}]


def test_arrays_and_hashes_are_cut_too_but_not_arrays_of_arrays() -> None:
    fields = {"list": ["abc", 5, ["abc"]], "hash": {"k": {"l": "abc"}, "m": "abc"}, "n": 12345}
    assert run("truncate", {"length_bytes": 2}, fields) == [
        {"list": ["ab", 5, ["abc"]], "hash": {"k": {"l": "ab"}, "m": "ab"}, "n": 12345}
    ]


def test_a_hash_by_its_bare_name_ends_the_pipeline() -> None:
    options = {"fields": ["f"], "length_bytes": 1}
    with pytest.raises(FieldError):
        run("truncate", options, {"f": {"k": "abc"}})


def test_success_is_that_something_was_cut() -> None:
    options = {"fields": ["a", "b"], "length_bytes": 3, "add_tag": "cut"}
    assert run("truncate", options, {"a": "abc", "b": ["abc"], "c": "abcd"}) == [
        {"a": "abc", "b": ["abc"], "c": "abcd"}
    ]


def test_dots_become_separators_or_hashes() -> None:
    assert run("de_dot", {}, {"a.b": {"c.d": 1}}) == [{"a_b": {"c.d": 1}}]
    assert run("de_dot", {"recursive": True}, {"a.b": {"c.d": 1}}) == [{"a_b": {"c_d": 1}}]
    assert run("de_dot", {"nested": True}, {"a.b.c": 1}) == [{"a": {"b": {"c": 1}}}]


@pytest.mark.parametrize("fields", [{"a.": 1}, {"a.b": 1, "a": "scalar"}])
def test_a_name_that_cannot_be_made_ends_the_pipeline(fields: dict[str, Any]) -> None:
    with pytest.raises(FieldError):
        run("de_dot", {"nested": True}, fields)


def test_a_separator_has_no_dot() -> None:
    [fault] = faults("de_dot", {"separator": "a.b"})
    assert (fault.option, fault.start, fault.end) == ("separator", 1, 2)


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ("a%20b+c%zz%", "a b+c%zz%"),
        ("%C3%A9é", "éé"),
        ("%C3é", r"\xC3é"),
        ('%ff"%00', r"\xFF\"\u0000"),
        (["%41", {"k": "%42"}, 5], ["A", {"k": "B"}, 5]),
        (None, None),
    ],
)
def test_escapes_are_decoded(text: Any, decoded: Any) -> None:
    assert run("urldecode", {"field": "f"}, {"f": text}) == [{"f": decoded}]


def test_a_missing_field_becomes_null() -> None:
    assert run("urldecode", {"field": "[a][b]"}, {}) == [{"a": {"b": None}}]


def test_all_fields_are_decoded_but_for_illegal_names() -> None:
    fields = {"a": "%41", "b[": "%42", "c": "%43"}
    assert run("urldecode", {"all_fields": True, "add_tag": ["done"]}, fields) == [
        {"a": "A", "b[": "%42", "c": "%43", "tags": ["_urldecodefailure", "done"]}
    ]


def test_bytes_are_those_of_the_charset() -> None:
    assert run("urldecode", {"charset": "ISO-8859-1"}, {"message": "%E9"}) == [{"message": "é"}]
    assert run("urldecode", {"charset": "US-ASCII"}, {"message": "%E9"}) == [{"message": "\ufffd"}]
    [fault] = faults("urldecode", {"charset": "Klingon"})
    assert (fault.option, fault.unsupported) == ("charset", True)
