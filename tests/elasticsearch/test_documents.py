"""Whole documents: what the first one decides for those that follow."""

from __future__ import annotations

from typing import Any

import pytest

from toolkit.elasticsearch.documents import DynamicIndex, index
from toolkit.elasticsearch.templates import parse_template
from toolkit.errors import Unsupported


def test_the_first_value_decides_for_later_ones() -> None:
    orders = DynamicIndex({})
    assert orders.index({"latency_ms": 12}).mapped == {"latency_ms": {"type": "long"}}
    assert orders.index({"latency_ms": 12.9}).stored == {"latency_ms": (12,)}
    refused = orders.index({"latency_ms": "12ms", "status": 200})
    assert (refused.result, refused.error) == ("rejected", "document_parsing_exception")
    assert "status" not in orders.mappings["properties"]


def test_an_object_in_place_of_a_string_rejects_the_document() -> None:
    shipped = DynamicIndex({})
    shipped.index({"host": "web-1"})
    outcome = shipped.index({"host": {"name": "web-1"}})
    assert outcome.reason.startswith("failed to parse field [host] of type [text]")
    turned = DynamicIndex({})
    turned.index({"host": {"name": "web-1"}})
    assert "found a concrete value" in turned.index({"host": "web-1"}).reason


def test_dotted_names_and_objects_are_the_same_fields() -> None:
    mapping = {"properties": {"http.status": {"type": "short"}}}
    for document in ({"http.status": "200"}, {"http": {"status": 200.9}}):
        assert DynamicIndex(mapping).index(document).stored == {"http.status": (200,)}


def test_names_keep_their_dots_without_subobjects() -> None:
    flat = DynamicIndex({"subobjects": False})
    flat.index({"a": {"b": 1}, "a.c": 2})
    assert list(flat.mappings["properties"]) == ["a.b", "a.c"]


@pytest.mark.parametrize(
    ("document", "error"),
    [
        ({"new": 1}, "strict_dynamic_mapping_exception"),
        ({"known": {"new": None}}, "strict_dynamic_mapping_exception"),
        ({"known": "x"}, "document_parsing_exception"),
        ({"": 1}, "document_parsing_exception"),
        ({"known..x": 1}, "document_parsing_exception"),
        ({"other": 1}, "document_parsing_exception"),
    ],
)
def test_strict_mappings_refuse(document: dict[str, Any], error: str) -> None:
    properties = {"known": {"type": "object"}, "other": {"type": "alias", "path": "known.a"}}
    outcome = DynamicIndex({"dynamic": "strict", "properties": properties}).index(document)
    assert outcome.error == error


def test_what_is_not_mapped_is_passed_over_without_dynamic_mapping() -> None:
    quiet = DynamicIndex({"dynamic": False, "properties": {"a": {"type": "long"}}})
    assert quiet.index({"a": 1, "b": {"c": 2}, "d": [3]}).stored == {"a": (1,)}


def test_two_types_in_one_array_conflict() -> None:
    outcome = DynamicIndex({}).index({"ids": [1, "a"]})
    assert outcome.error == "illegal_argument_exception"
    assert outcome.reason == "mapper [ids] cannot be changed from type [long] to [text]"


def test_templates_decide_for_new_fields() -> None:
    template = parse_template(
        """{"template": {
          "settings": {"index": {"mapping": {"coerce": "false"}}},
          "mappings": {"date_detection": false, "dynamic_templates": [
            {"strings": {"match_mapping_type": "string", "mapping": {"type": "keyword"}}}],
            "properties": {"n": {"type": "long"}}}}}""",
        source="t.json",
    )
    outcome = index({"when": "2026-01-10", "n": 1}, template)
    assert outcome.stored == {"when": ("2026-01-10",), "n": (1,)}
    assert index({"n": "1"}, template).result == "rejected"


def test_too_many_fields_reject_the_document_or_are_ignored() -> None:
    limit: dict[str, Any] = {"index.mapping.total_fields.limit": 1}
    assert "Limit of total fields [1]" in DynamicIndex({}, limit).index({"a": 1, "b": 2}).reason
    limit["index.mapping.total_fields.ignore_dynamic_beyond_limit"] = True
    outcome = DynamicIndex({}, limit).index({"a": 1, "b": 2})
    assert (outcome.stored, outcome.ignored) == ({"a": (1,)}, ("b",))


def test_the_first_value_fixes_a_constant() -> None:
    tier = DynamicIndex({"properties": {"tier": {"type": "constant_keyword"}}})
    assert tier.index({"tier": "gold"}).result == "indexed"
    assert tier.index({}).result == "indexed"
    assert tier.index({"tier": "silver"}).result == "rejected"


def test_copies_are_fields_of_their_own() -> None:
    mapping = {"properties": {"user": {"type": "keyword", "copy_to": ["all", "who.name"]}}}
    outcome = DynamicIndex(mapping).index({"user": "ann"})
    assert outcome.stored["all.keyword"] == outcome.stored["who.name.keyword"] == ("ann",)


@pytest.mark.parametrize("pattern", ["TIMESTAMP", "yyyy O"])
def test_a_dynamic_format_that_cannot_be_read_leaves_open_what_a_text_becomes(
    pattern: str,
) -> None:
    orders = DynamicIndex({"dynamic_date_formats": [pattern]})
    assert orders.index({"status": 200}).result == "indexed"
    with pytest.raises(Unsupported) as caught:
        orders.index({"when": "May 2026"})
    assert f"the dynamic format `{pattern}`" in caught.value.findings[0].why
