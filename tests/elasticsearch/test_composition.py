"""Index templates composed of component templates."""

from __future__ import annotations

import json
from typing import Any

import pytest

from toolkit.elasticsearch.templates import Template, compose, parse_template
from toolkit.errors import InputError


def template(mappings: dict[str, Any], **more: Any) -> Template:
    return parse_template(json.dumps({"template": {"mappings": mappings}, **more}), source="t")


def test_later_components_win_and_the_template_itself_wins_over_all() -> None:
    own = template({"properties": {"a": {"type": "short"}}}, composed_of=["x", "gone", "y"])
    x = template(
        {"properties": {"a": {"type": "long"}, "b": {"type": "long"}, "o": {"type": "ip"}}}
    )
    y = template(
        {"properties": {"b": {"type": "text"}, "o": {"properties": {"c": {"type": "ip"}}}}}
    )
    found = compose(own, {"y": y, "x": x})
    kinds = {name: found.type_of(name) for name in ("a", "b", "o.c")}
    assert kinds == {"a": "short", "b": "text", "o.c": "ip"}
    assert found.missing == ("gone",)


def test_a_field_is_replaced_as_a_whole_and_dynamic_templates_by_name() -> None:
    own = template(
        {
            "properties": {"a": {"type": "keyword"}},
            "dynamic_templates": [{"texts": {"mapping": {"type": "keyword"}}}],
        },
        composed_of=["x"],
    )
    x = template(
        {
            "properties": {"a": {"type": "text", "fields": {"raw": {"type": "keyword"}}}},
            "dynamic_templates": [{"ids": {"mapping": {}}}, {"texts": {"mapping": {}}}],
        }
    )
    found = compose(own, {"x": x})
    assert found.definition("a") == {"type": "keyword"}
    assert found.mappings["dynamic_templates"] == [
        {"ids": {"mapping": {}}},
        {"texts": {"mapping": {"type": "keyword"}}},
    ]


def test_mappings_below_the_name_of_a_type_are_held_to_the_same_shape() -> None:
    with pytest.raises(InputError) as raised:
        template({"doc": {"properties": {"a": {"properties": "x"}}}})
    assert [each.what for each in raised.value.findings] == [
        "`template.mappings.doc.properties.a.properties` of the index template is not an object"
    ]
