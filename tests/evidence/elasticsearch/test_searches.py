"""What a server is asked, given the types of its fields."""

from __future__ import annotations

import json
from typing import Any

import pytest

from toolkit.evidence.elasticsearch.indices import (
    AskedField,
    IndexMappings,
    LedgerRemnants,
    LiveIndex,
)
from toolkit.evidence.elasticsearch.searches import search_body
from toolkit.findings import Location

FIELDS = (
    AskedField("@timestamp", "date"),
    AskedField("http.status", "short", "status"),
    AskedField("ms", "float", "latency"),
    AskedField("path", "keyword", "route"),
)
TYPES = {
    "@timestamp": {"type": "date"},
    "http": {"properties": {"status": {"type": "short"}}},
    "ms": {"type": "float"},
    "path": {"type": "keyword"},
    "tags": {"type": "keyword"},
}


def indices(*properties: dict[str, Any]) -> IndexMappings:
    held = {
        f"app-{number}": {
            "mappings": {"properties": each},
            "settings": {"index": {"creation_date": str(100 - number)}},
        }
        for number, each in enumerate(properties)
    }
    return IndexMappings.read("app-*", json.dumps(held))


def asked(*properties: dict[str, Any], tags: tuple[str, ...] = ()) -> dict[str, Any]:
    query = LiveIndex("app-*", FIELDS, tags, Location("toolkit.yml"))
    return dict(search_body(query, indices(*properties)))


def test_everything_is_asked_where_the_types_allow_it() -> None:
    found = asked(TYPES)
    assert set(found["aggs"]) == {
        "requests", "errors", "latency", "quantiles", "ignored", "statuses", "routes", "hours",
        "newest", "failed", "tags",
    }  # fmt: skip
    assert found["sort"] == [{"@timestamp": {"order": "desc", "unmapped_type": "date"}}]
    assert found["track_total_hits"] is True


REFUSED = {
    "a latency as text": ({"ms": {"type": "text"}}, {"latency", "quantiles"}),
    "a status as a keyword": (
        {"http": {"properties": {"status": {"type": "keyword"}}}},
        {"requests", "errors", "statuses"},
    ),
    "a route as text": ({"path": {"type": "text"}}, {"routes"}),
    "a time as a keyword": ({"@timestamp": {"type": "keyword"}}, {"hours", "newest"}),
    "tags as text alone": ({"tags": {"type": "text"}}, {"failed", "tags"}),
}


@pytest.mark.parametrize(("other", "left_out"), REFUSED.values(), ids=REFUSED)
def test_what_one_index_would_refuse_is_not_asked(
    other: dict[str, Any], left_out: set[str]
) -> None:
    found = asked(TYPES, {**TYPES, **other})
    assert set(asked(TYPES)["aggs"]) - set(found["aggs"]) == left_out
    assert ("sort" in found) == ("@timestamp" not in other)


def test_tags_that_were_mapped_by_their_first_value() -> None:
    both = {"type": "text", "fields": {"keyword": {"type": "keyword"}}}
    found = asked({**TYPES, "tags": both}, tags=("_mine",))
    assert found["aggs"]["tags"]["terms"]["field"] == "tags.keyword"
    assert "_mine" in found["aggs"]["tags"]["terms"]["include"]


def test_what_a_ledger_has_left_is_no_event() -> None:
    apart = (
        LedgerRemnants(ids=("a", "b")),
        LedgerRemnants(field="path", marks=("x-",)),
        LedgerRemnants((), "ms", ("y",)),
    )
    query = LiveIndex("app-*", FIELDS, (), Location("toolkit.yml"), apart)
    found = search_body(query, indices(TYPES))
    clauses = found["query"]["bool"]["must_not"]
    assert clauses == [{"ids": {"values": ["a", "b"]}}, {"prefix": {"path": "x-"}}]
    assert "query" not in asked(TYPES)


def test_the_index_made_last_is_the_last() -> None:
    found = indices(TYPES, {"ms": {"type": "long"}})
    assert [index.name for index in found.indices] == ["app-1", "app-0"]
    assert found.types("ms") == {"long": ["app-1"], "float": ["app-0"]}
    assert found.type_of("ms") is None
    assert found.type_of("path") == "keyword"
