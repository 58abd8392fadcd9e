"""Index templates composed of component templates."""

from __future__ import annotations

import json
from typing import Any

from toolkit.elasticsearch.templates import Template, compose, parse_template


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
