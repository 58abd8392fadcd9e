"""Saved objects of other shapes than expected are said to be so, and break nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pytest

from toolkit.errors import InputError
from toolkit.kibana.graph import Graph
from toolkit.kibana.objects import parse_saved_objects
from toolkit.kibana.readings import FieldRead

SHIPPED = Path(__file__).parents[2] / "pipelines" / "kibana" / "sre-pleno-app.ndjson"
STRANGE: tuple[Any, ...] = (None, 0, True, "", "text", "{}", "[1]", [], {}, ["x"], {"a": {}}, [[]])


def read(*objects: Any) -> Graph:
    return Graph(parse_saved_objects("\n".join(map(json.dumps, objects)), "x.ndjson"))


def lens(**more: Any) -> dict[str, Any]:
    layers = {"a": {"columns": {"c": {"operationType": "terms", "sourceField": "status"}}}}
    state = {"datasourceStates": {"formBased": {"layers": layers}}}
    reference = {"type": "index-pattern", "id": "v", "name": "indexpattern-datasource-layer-a"}
    return {
        "type": "lens",
        "id": "l",
        "attributes": {"title": "L", "state": state},
        "references": [reference],
        **more,
    }


VIEW = {"type": "index-pattern", "id": "v", "attributes": {"title": "a-*,b-*"}}


@pytest.mark.parametrize("indent", [None, 2])
def test_one_object_and_a_list_of_objects_are_exports_too(indent: int | None) -> None:
    for text in (json.dumps(lens(), indent=indent), json.dumps([VIEW, lens()], indent=indent)):
        (found,) = (each for each in parse_saved_objects(text, "x") if each.type == "lens")
        assert found.title == "L"


RAW = {"type": "index-pattern", "index-pattern": {"title": "a-*"}}


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(
    "held",
    [
        {"version": "7.10.2", "objects": [VIEW]},
        [{"_id": "v", "_type": "index-pattern", "_source": {"title": "a-*"}}],
        {"_index": ".kibana", "_type": "doc", "_id": "index-pattern:v", "_source": RAW},
        {"data_view": {"id": "v", "title": "a-*"}},
    ],
)
def test_older_and_other_forms_of_exports_are_read(held: Any, indent: int | None) -> None:
    (found,) = parse_saved_objects(json.dumps(held, indent=indent), "x.json")
    assert (found.type, found.id, found.title[:3]) == ("index-pattern", "v", "a-*")
    assert found.body["attributes"]["title"][:3] == "a-*"


def test_an_older_visualization_names_its_saved_search_and_its_data_view() -> None:
    def meta(**source: str) -> dict[str, Any]:
        return {"kibanaSavedObjectMeta": {"searchSourceJSON": json.dumps(source)}}

    aggregation = {"type": "avg", "params": {"field": "ms"}}
    shown = {"savedSearchId": "s", "visState": json.dumps({"aggs": [aggregation]})}
    objects = (
        VIEW,
        {"type": "index-pattern", "id": "other", "attributes": {"title": "b-*"}},
        {"_id": "s", "_type": "search", "_source": meta(index="v")},
        {"_id": "z", "_type": "visualization", "_source": shown},
    )
    assert [
        (each.content.field, *(view.id for view in each.views))
        for each in read(*objects).statements
        if isinstance(each.content, FieldRead)
    ] == [("ms", "v")]


def test_an_object_shown_twice_is_read_once() -> None:
    panels = [{"panelIndex": i, "panelRefName": f"panel_{i}", "type": "lens"} for i in "12"]
    references = [{"type": "lens", "id": "l", "name": f"{i}:panel_{i}"} for i in "12"]
    dashboard = {
        "type": "dashboard",
        "id": "d",
        "attributes": {"title": "D", "panelsJSON": json.dumps(panels)},
        "references": references,
    }
    said = list(read(dashboard, VIEW, lens()).statements)
    assert [str(each) for each in said] == ["dashboard `D` → panel `L`"]
    assert [view.patterns for view in said[0].views] == [("a-*", "b-*")]


def test_an_old_panel_names_its_object_itself() -> None:
    panels = [{"id": "l", "type": "lens", "panelIndex": "1"}]
    attributes = {"title": "D", "panelsJSON": json.dumps(panels)}
    dashboard = {"type": "dashboard", "id": "d", "attributes": attributes}
    (said,) = read(dashboard, VIEW, lens()).statements
    assert str(said) == "dashboard `D` → panel `L`"


def test_a_visualization_of_a_search_has_its_data_view() -> None:
    source = {"indexRefName": "i", "query": {"query": "", "language": "kuery"}}
    meta = {"searchSourceJSON": json.dumps(source)}
    search = {
        "type": "search",
        "id": "s",
        "attributes": {"title": "S", "kibanaSavedObjectMeta": meta},
        "references": [{"type": "index-pattern", "id": "v", "name": "i"}],
    }
    aggs = [
        {"type": "terms", "params": {"field": "a"}},
        {"type": "avg", "enabled": False, "params": {"field": "off"}},
    ]
    visualization = {
        "type": "visualization",
        "id": "w",
        "attributes": {
            "visState": json.dumps({"type": "pie", "aggs": aggs}),
            "savedSearchRefName": "search_0",
            "kibanaSavedObjectMeta": {"searchSourceJSON": "{}"},
        },
        "references": [{"type": "search", "id": "s", "name": "search_0"}],
    }
    (said,) = read(VIEW, search, visualization).statements
    assert [view.id for view in said.views] == ["v"]


def test_tsvb_reads_metrics_and_groups_but_not_pipelines_of_metrics() -> None:
    series = {
        "split_mode": "terms",
        "terms_field": "host",
        "metrics": [
            {"id": "1", "type": "avg", "field": "ms"},
            {"id": "2", "type": "derivative", "field": "1"},
            {"id": "3", "type": "count"},
        ],
    }
    params = {"index_pattern": "a-*", "time_field": "@timestamp", "series": [series]}
    visualization = {
        "type": "visualization",
        "id": "w",
        "attributes": {
            "visState": json.dumps({"type": "metrics", "params": params}),
            "kibanaSavedObjectMeta": {"searchSourceJSON": "{}"},
        },
    }
    said = list(read(visualization).statements)
    assert [e.content.field for e in said if isinstance(e.content, FieldRead)] == [
        "@timestamp",
        "host",
        "ms",
    ]
    assert {view.patterns for each in said for view in each.views} == {("a-*",)}


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    for key in list(value) if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places(value[key])


def test_objects_broken_at_random_raise_nothing_but_input_errors() -> None:
    random = Random(7)
    objects = [json.loads(line) for line in SHIPPED.read_text("utf-8").splitlines()]
    for each in objects:
        inside = each.get("attributes", {})
        for key in ("panelsJSON", "visState"):
            if key in inside:
                inside[key] = json.loads(inside[key])
    for _ in range(300):
        broken = deepcopy(objects)
        for _ in range(3):
            inside, key = random.choice(list(places(broken)))
            inside[key] = random.choice(STRANGE)
        with suppress(InputError):
            graph = read(*broken)
            assert all(str(each) for each in graph.statements)
            list(graph.missing())
