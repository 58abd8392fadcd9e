"""Which fields each kind of object reads, and what each must be good for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from toolkit.kibana.formula import formula_fields
from toolkit.kibana.graph import Graph
from toolkit.kibana.objects import parse_saved_objects
from toolkit.kibana.readings import FieldRead, Need, Unread

VIEW = {"type": "index-pattern", "id": "v", "attributes": {"title": "a-*"}}
OTHER = {"type": "index-pattern", "id": "w", "attributes": {"title": "b-*"}}
TO_VIEW = {"type": "index-pattern", "id": "v"}


def graph(*objects: Any) -> Graph:
    return Graph(parse_saved_objects("\n".join(map(json.dumps, objects)), "x.ndjson"))


def read(*objects: Any) -> list[tuple[str, Need]]:
    """The fields that are read, and what for."""
    found = graph(VIEW, OTHER, *objects).statements
    return [
        (content.field, content.need)
        for content in (each.content for each in found)
        if isinstance(content, FieldRead)
    ]


def visualization(state: Any, *references: Any) -> Any:
    source = {"query": {"query": "", "language": "kuery"}, "indexRefName": "i"}
    attributes = {
        "title": "V",
        "visState": json.dumps(state),
        "kibanaSavedObjectMeta": {"searchSourceJSON": json.dumps(source)},
    }
    own = [{**TO_VIEW, "name": "i"}, *references]
    return {"type": "visualization", "id": "x", "attributes": attributes, "references": own}


@pytest.mark.parametrize(
    ("formula", "fields"),
    [
        ("average(latency)", [("latency", Need.NUMBER)]),
        ("count()", []),
        ("unique_count('a b')", [("a b", Need.AGGREGATE)]),
        ("max(at) - min(at, shift='1d')", [("at", Need.NUMBER_OR_DATE)] * 2),
        ("percentile(x.y, percentile=95)", [("x.y", Need.NUMBER)]),
        ("count(kql='status >= 500') / count()", [("status", Need.EXISTS)]),
        ('count(lucene="up:1")', [("up", Need.EXISTS)]),
        ("count(kql='name: \\'x\\' and age > 3')", [("name", Need.EXISTS), ("age", Need.EXISTS)]),
        ("cumulative_sum(sum(n))", [("n", Need.NUMBER)]),
        ("round(1.5 * 2)", []),
        ("last_value(state", [("state", Need.EXISTS)]),
        ("'", []),
    ],
)
def test_formulas(formula: str, fields: list[tuple[str, Need]]) -> None:
    assert list(formula_fields(formula)) == fields


def test_a_formula_is_read_where_its_columns_are_not_there() -> None:
    column = {"operationType": "formula", "params": {"formula": "sum(n, kql='s: 1')"}}
    layers = {"a": {"columns": {"c": column}}}
    lens = {
        "type": "lens",
        "id": "l",
        "attributes": {
            "title": "L",
            "state": {"datasourceStates": {"formBased": {"layers": layers}}},
        },
        "references": [{**TO_VIEW, "name": "indexpattern-datasource-layer-a"}],
    }
    assert read(lens) == [("n", Need.NUMBER), ("s", Need.EXISTS)]


def test_aggregations_within_aggregations() -> None:
    inner = {"type": "avg", "params": {"field": "ms"}}
    aggs = [
        {"type": "terms", "params": {"field": "host", "orderAgg": inner}},
        {
            "type": "max_bucket",
            "params": {"customBucket": {"type": "date_histogram", "params": {"field": "at"}}},
        },
        {
            "type": "filtered_metric",
            "params": {"customMetric": {"type": "cardinality", "params": {"field": "user"}}},
        },
        {"type": "filter", "params": {"filter": {"query": "up: 1", "language": "kuery"}}},
    ]
    assert read(visualization({"type": "pie", "aggs": aggs})) == [
        ("ms", Need.NUMBER),
        ("host", Need.AGGREGATE),
        ("at", Need.DATE),
        ("user", Need.AGGREGATE),
        ("up", Need.EXISTS),
    ]


def test_tsvb_reads_annotations_pivots_and_other_data_views() -> None:
    query = {"query": "kind: deploy", "language": "kuery"}
    params = {
        "index_pattern_ref_name": "t",
        "time_field": "@timestamp",
        "pivot_id": "host",
        "annotations": [
            {
                "time_field": "at",
                "fields": "who, what",
                "query_string": query,
                "index_pattern": "b-*",
            },
            {"time_field": "never", "hidden": True},
        ],
        "series": [
            {
                "override_index_pattern": 1,
                "series_index_pattern_ref_name": "o",
                "series_time_field": "then",
                "metrics": [{"type": "top_hit", "field": "state", "order_by": "seen"}],
            }
        ],
    }
    references = [{**TO_VIEW, "name": "t"}, {"type": "index-pattern", "id": "w", "name": "o"}]
    found = visualization({"type": "metrics", "params": params}, *references)
    assert read(found) == [
        ("@timestamp", Need.DATE),
        ("host", Need.AGGREGATE),
        ("at", Need.DATE),
        ("who", Need.EXISTS),
        ("what", Need.EXISTS),
        ("kind", Need.EXISTS),
        ("then", Need.DATE),
        ("state", Need.EXISTS),
        ("seen", Need.SORT),
    ]
    views = {
        each.content.field: each.views[0].patterns[0]
        for each in graph(VIEW, OTHER, found).statements
        if isinstance(each.content, FieldRead)
    }
    assert (views["host"], views["at"], views["seen"]) == ("a-*", "b-*", "b-*")


def test_a_saved_search_is_broken_down_by_a_field() -> None:
    source = {"query": {"query": "", "language": "kuery"}, "indexRefName": "i"}
    meta = {"searchSourceJSON": json.dumps(source)}
    attributes = {"title": "S", "breakdownField": "host", "kibanaSavedObjectMeta": meta}
    search = {
        "type": "search",
        "id": "s",
        "attributes": attributes,
        "references": [{**TO_VIEW, "name": "i"}],
    }
    assert read(search) == [("host", Need.AGGREGATE)]


def test_scripts_of_a_data_view_read_fields() -> None:
    runtime = {
        "slow": {
            "type": "boolean",
            "script": {"source": "emit(doc['ms'].value > field('limit').get(1))"},
        }
    }
    scripted = [{"name": "old", "scripted": True, "script": "doc[\"n\"].value * 2 + $('m', 0)"}]
    attributes = {
        "title": "a-*",
        "runtimeFieldMap": json.dumps(runtime),
        "fields": json.dumps(scripted),
    }
    view = {"type": "index-pattern", "id": "z", "attributes": attributes}
    said = list(graph(view).statements)
    assert [(str(e), e.content.field) for e in said if isinstance(e.content, FieldRead)] == [
        ("data view `a-*` → its field `slow`", "ms"),
        ("data view `a-*` → its field `slow`", "limit"),
        ("data view `a-*` → its field `old`", "n"),
        ("data view `a-*` → its field `old`", "m"),
    ]


def test_annotations_that_panels_share() -> None:
    annotation = {
        "type": "query",
        "timeField": "at",
        "filter": {"query": "kind: deploy", "language": "kuery"},
    }
    group = {
        "type": "event-annotation-group",
        "id": "g",
        "attributes": {"title": "Deploys", "annotations": [annotation, {"type": "manual"}]},
        "references": [{**TO_VIEW, "name": "event-annotation-group_dataView-ref-v"}],
    }
    assert read(group) == [("at", Need.DATE), ("kind", Need.EXISTS)]


def test_a_control_that_is_not_known_is_said_to_be_so() -> None:
    controls = {
        "1": {"type": "timeSlider", "explicitInput": {}},
        "2": {"type": "esqlControl", "explicitInput": {}},
    }
    dashboard = {
        "type": "dashboard",
        "id": "d",
        "attributes": {"title": "D", "controlGroupInput": {"panelsJSON": json.dumps(controls)}},
    }
    said = [each.content for each in graph(dashboard).statements]
    assert [each.what for each in said if isinstance(each, Unread)] == [
        "a control of type `esqlControl`"
    ]


VEGA = {
    "data": [
        {
            "url": {
                "%context%": True,
                "%timefield%": "@timestamp",
                "index": "a-*",
                "body": {
                    "query": {"bool": {"must": [{"term": {"up": 1}}]}},
                    "aggs": {
                        "t": {
                            "composite": {"sources": [{"h": {"terms": {"field": "host"}}}]},
                            "aggs": {
                                "m": {"avg": {"field": "ms"}},
                                "f": {"filters": {"filters": {"e": {"exists": {"field": "err"}}}}},
                                "g": {"filter": {"range": {"n": {"gte": 1}}}},
                                "x": {"multi_terms": {"terms": [{"field": "a"}, {"field": "b"}]}},
                            },
                        }
                    },
                },
            }
        },
        {"url": {"%type%": "esql", "query": "FROM b-* | WHERE k > 1 | LIMIT 5"}},
        {"url": {"%type%": "emsfile", "name": "World"}},
        {"url": "https://example.org/x.json"},
        {"name": "k", "source": "t"},
    ],
    "marks": [{"type": "group", "data": [{"url": {"index": "b-*", "body": {"_source": ["s"]}}}]}],
}


def vega(spec: str) -> Any:
    return visualization({"type": "vega", "params": {"spec": spec}})


def test_vega_reads_what_its_searches_ask_for() -> None:
    assert read(vega(json.dumps(VEGA))) == [
        ("@timestamp", Need.DATE),
        ("up", Need.EXISTS),
        ("host", Need.AGGREGATE),
        ("ms", Need.NUMBER),
        ("err", Need.EXISTS),
        ("n", Need.EXISTS),
        ("a", Need.AGGREGATE),
        ("b", Need.AGGREGATE),
        ("k", Need.EXISTS),
        ("s", Need.EXISTS),
    ]


@pytest.mark.parametrize(
    ("spec", "unread"),
    [
        ("{ # a comment\n url: x }", ["a Vega specification in Hjson"]),
        (
            '{"data": {"url": {"body": {}}}}',
            ["a search of a Vega specification without an index"],
        ),
        ('{"data": {"values": [1]}}', []),
    ],
)
def test_vega_that_is_not_understood_is_said_to_be_so(spec: str, unread: list[str]) -> None:
    said = [each.content for each in graph(VIEW, vega(spec)).statements]
    assert [each.what for each in said if isinstance(each, Unread)] == unread


def test_maps_read_layers_joins_and_styles() -> None:
    documents = {
        "type": "ES_SEARCH",
        "indexPatternRefName": "one",
        "geoField": "geo",
        "tooltipProperties": ["ip"],
        "sortField": "",
    }
    style = {
        "fillColor": {"options": {"field": {"name": "bytes", "origin": "source"}}},
        "lineColor": {"options": {"field": {"name": "__kbnjoin__count", "origin": "join"}}},
        "iconSize": {"type": "STATIC", "options": {"size": 6}},
    }
    grid = {
        "type": "ES_GEO_GRID",
        "indexPatternRefName": "two",
        "geoField": "place",
        "metrics": [{"type": "count"}, {"type": "sum", "field": "n"}],
    }
    right = {
        "type": "ES_TERM_SOURCE",
        "indexPatternRefName": "two",
        "term": "country",
        "whereQuery": {"query": "up: 1", "language": "kuery"},
    }
    query = {"query": "level: x", "language": "kuery"}
    layers = [
        {"sourceDescriptor": {"type": "EMS_TMS"}},
        {"sourceDescriptor": documents, "style": {"properties": style}, "query": query},
        {"sourceDescriptor": grid, "style": {"properties": style}},
        {
            "sourceDescriptor": {"type": "EMS_FILE"},
            "joins": [{"leftField": "iso2", "right": right}],
        },
        {"sourceDescriptor": {"type": "ESQL", "esql": "FROM b-* | KEEP k"}},
    ]
    attributes = {
        "title": "M",
        "layerListJSON": json.dumps(layers),
        "mapStateJSON": json.dumps({"query": {"query": "all: 1", "language": "kuery"}}),
    }
    references = [{**TO_VIEW, "name": "one"}, {"type": "index-pattern", "id": "w", "name": "two"}]
    found = {"type": "map", "id": "m", "attributes": attributes, "references": references}
    assert read(found) == [
        ("geo", Need.EXISTS),
        ("ip", Need.EXISTS),
        ("level", Need.EXISTS),
        ("bytes", Need.EXISTS),
        ("place", Need.EXISTS),
        ("n", Need.NUMBER),
        ("country", Need.AGGREGATE),
        ("up", Need.EXISTS),
        ("k", Need.EXISTS),
        ("all", Need.EXISTS),
    ]
