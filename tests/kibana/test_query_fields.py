"""The fields a query names, in each of the languages Kibana has."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.kibana.esql import esql_fields, sources_of
from toolkit.kibana.query_fields import filter_fields, kql_fields, lucene_fields
from toolkit.languages.positioned import PositionedNode, placed_in
from toolkit.languages.positioned_json import parse_json


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("", []),
        ("just words", []),
        ('"quoted: text"', []),
        ("status: 200", ["status"]),
        ("status:200 and not url.path : *", ["status", "url.path"]),
        ("bytes >= 5 or bytes<7", ["bytes", "bytes"]),
        ("status: (200 or 404) and a: b", ["status", "a"]),
        ('message: "a: b" and c: d', ["message", "c"]),
        (r"weird\:name: x", ["weird:name"]),
        ('"quoted name": x', ["quoted name"]),
        ("user: { name: ann and first: { letter: a } } or z: 1", None),
        ("http.*: error", ["http.*"]),
        ("url: *\\\\*", ["url"]),
    ],
)
def test_kql(query: str, fields: list[str] | None) -> None:
    nested = ["user", "user.name", "user.first", "user.first.letter", "z"]
    assert list(kql_fields(query)) == (nested if fields is None else fields)


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("*", []),
        ("status:200 AND (a.b:c OR -d:[1 TO 2])", ["status", "a.b", "d"]),
        ('"not: this" AND that:"a:b"', ["that"]),
        ("_exists_:user.name", ["user.name"]),
        ("@timestamp:>now-1d", ["@timestamp"]),
    ],
)
def test_lucene(query: str, fields: list[str]) -> None:
    assert list(lucene_fields(query)) == fields


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("FROM a", []),
        ('FROM a | WHERE level == "ERROR" AND NOT status > 3', ["level", "status"]),
        ("FROM a | STATS n = COUNT(*), AVG(x) BY b | SORT n DESC | KEEP n, `AVG(x)`", ["x", "b"]),
        ("FROM a | STATS c = COUNT(*) BY t = BUCKET(@timestamp, 1 day, ?_tstart)", ["@timestamp"]),
        ("FROM a | RENAME x AS y | WHERE y IS NOT NULL", ["x"]),
        ("FROM a | EVAL y = x::long, z = y + 1 | WHERE z > 1 // and w", ["x"]),
        ("FROM a METADATA _id | KEEP `odd name`, b.* | LIMIT 10", ["odd name"]),
        ('FROM a | WHERE x LIKE "y*" AND z IN (1, 2)', ["x", "z"]),
        ("ROW a = 1 | WHERE a > 0", []),
        ('FROM a | DISSECT m "%{x}" | WHERE x > 1', None),
    ],
)
def test_esql(query: str, fields: list[str] | None) -> None:
    assert esql_fields(query) == fields


def test_the_indices_of_esql() -> None:
    assert sources_of('from "logs-*",b METADATA _id | LIMIT 1') == ("logs-*", "b")
    assert sources_of("ROW a = 1") == ()


def test_filters_of_every_kind_and_those_that_are_off() -> None:
    filters = [
        {"meta": {"type": "phrases", "key": "a"}},
        {"meta": {"type": "exists", "key": "b", "disabled": True}},
        {"meta": {"type": "combined", "params": [{"meta": {"type": "range", "field": "c"}}]}},
        {
            "meta": {"type": "custom", "key": "query"},
            "query": {
                "bool": {"must_not": [{"term": {"d": 1}}], "filter": {"exists": {"field": "e"}}}
            },
        },
        {"meta": {}, "query": {"match": {"f": {"query": "x", "type": "phrase"}}}},
        {"meta": {"type": "spatial_filter", "key": "g"}, "query": {"script": {"script": "x"}}},
    ]
    text = json.dumps(filters)
    found = filter_fields(PositionedNode(parse_json(text, placed_in("x", text))))
    assert [name for name, _ in found] == ["a", "c", "d", "e", "f"]


@given(st.text(alphabet="ab:. <>=(){}\"\\'*|,`@_/\n1andor", max_size=40))
def test_no_text_is_too_odd(text: str) -> None:
    list(kql_fields(text))
    list(lucene_fields(text))
    esql_fields(f"FROM a | WHERE {text}")
