"""The common options of all filters, and how filters are found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from toolkit.logstash.event.event import Event
from toolkit.logstash.event.fieldref import FieldError
from toolkit.logstash.filters import Filter, filter_class, filter_names
from toolkit.logstash.options import decode


@dataclass(frozen=True, kw_only=True)
class Nothing(Filter):
    """A filter that only decorates."""

    plugin: ClassVar[str] = "nothing"
    emulates: ClassVar[str] = "0"


def decorated(fields: dict[str, Any], **options: Any) -> dict[str, Any]:
    event = Event(fields)
    decode(Nothing, options).decorate(event)
    return {name: value for name, value in event.fields.items() if name != "@version"}


def test_a_field_that_is_there_becomes_an_array() -> None:
    added = {"add_field": {"a": "x"}}
    assert decorated({}, **added) == {"a": "x"}
    assert decorated({"a": 1}, **added) == {"a": [1, "x"]}
    assert decorated({"a": [1]}, **added) == {"a": [1, "x"]}
    assert decorated({"a": None}, **added) == {"a": ["x"]}
    assert decorated({"a": {"k": 1}}, **added) == {"a": [["k", 1], "x"]}


def test_values_are_filled_in_one_by_one() -> None:
    assert decorated({"m": "M"}, add_field={"k_%{m}": ["%{m}1", 5, 1.50]}) == {
        "m": "M",
        "k_M": ["M1", "5", "1.5"],
    }


def test_the_order_is_fields_then_removal_then_tags() -> None:
    assert decorated(
        {"a": "A", "tags": ["old"]},
        add_field={"b": "%{a}"},
        remove_field=["a"],
        add_tag=["t_%{a}", "t_%{b}", "t_%{b}"],
        remove_tag=["old", "t_%{a}"],
    ) == {"b": "A", "tags": ["t_A", "t_A"]}


def test_removing_tags_leaves_an_empty_array_and_makes_none() -> None:
    assert decorated({"tags": "old"}, remove_tag="old") == {"tags": []}
    assert decorated({}, remove_tag="old") == {}


def test_what_was_done_before_an_error_stays() -> None:
    event = Event({"s": "scalar"})
    with pytest.raises(FieldError):
        decode(Nothing, {"add_field": ["a", "1", "[s][x]", "2", "b", "3"]}).decorate(event)
    assert event.fields == {"s": "scalar", "a": "1", "@version": "1"}


def test_every_module_is_the_filter_of_its_name() -> None:
    for name in filter_names():
        found = filter_class(name)
        assert found is not None
        assert found.plugin == name
        assert found.emulates


def test_there_is_no_filter_of_another_name() -> None:
    assert filter_class("frobnicate") is None
    assert filter_class("_ruby_csv") is None
