"""The `prune` filter, beyond what is recorded of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.logstash.filters.runs import faults, run
from toolkit.logstash.filters import PipelineDied


def pruned(fields: dict[str, Any], **options: Any) -> dict[str, Any]:
    [event] = run("prune", options, fields)
    return event


def test_a_white_list_keeps_what_it_names_and_black_ones_remove() -> None:
    fields = {"abc": 1, "abd": 2, "x": 3}
    assert pruned(fields, whitelist_names=["^ab"], blacklist_names=["d$"]) == {"abc": 1}


def test_names_that_were_never_filled_in_are_removed_by_default() -> None:
    assert pruned({"%{a}": 1, "a": 2, "%{": 3}) == {"a": 2, "%{": 3}


def test_values_filter_elements_of_arrays() -> None:
    fields = {"f": ["aa", "b", "a"], "g": ["b"], "h": "b", "i": None, "j": False}
    values = dict.fromkeys("fghij", "a")
    assert pruned(dict(fields), whitelist_values=values) == {
        "f": ["aa", "a"], "i": None, "j": False,
    }  # fmt: skip
    assert pruned(dict(fields), blacklist_values=values) == {**fields, "f": ["b"]}


def test_of_two_lists_of_values_the_second_starts_afresh() -> None:
    lists = {"whitelist_values": {"f": "a|b"}, "blacklist_values": {"f": "a"}}
    assert pruned({"f": ["a", "b", "c"]}, **lists) == {"f": ["b", "c"]}


def test_names_and_expressions_may_refer_to_fields() -> None:
    fields = {"f": "a", "a": "no", "g": "yes"}
    lists = {"whitelist_names": ["^[fg]$", "^%{f}$"], "blacklist_values": {"%{f}": "%{a}"}}
    assert pruned(dict(fields), interpolate=True, **lists) == {"f": "a", "g": "yes"}


@pytest.mark.parametrize("value", [1, {"k": "a"}, ["a", None], True])
def test_a_value_that_is_no_string_ends_the_pipeline(value: Any) -> None:
    with pytest.raises(PipelineDied):
        pruned({"f": value}, whitelist_values={"f": "a"})


def test_an_array_that_went_by_its_name_ends_the_pipeline() -> None:
    lists = {"blacklist_names": ["f"], "blacklist_values": {"f": "a"}}
    with pytest.raises(PipelineDied):
        pruned({"f": ["a", "b"]}, **lists)


def test_an_expression_that_became_none_ends_the_pipeline() -> None:
    with pytest.raises(PipelineDied):
        pruned({"f": "("}, interpolate=True, blacklist_names=["%{f}"])


def test_each_bad_expression_is_a_fault_with_its_place() -> None:
    options = {"whitelist_names": ["a", "b("], "blacklist_values": {"f": "c)", "g": "["}}
    found = faults("prune", options)
    assert [(fault.option, fault.path) for fault in found] == [
        ("whitelist_names", (1,)),
        ("blacklist_values", ("f",)),
        ("blacklist_values", ("g",)),
    ]
    assert faults("prune", {"interpolate": True, "whitelist_names": ["%{f}("]}) == []
