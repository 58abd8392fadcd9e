"""The one search that returns all data about the documents of some indices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.elasticsearch.numbers import FLOATING, WHOLE
from toolkit.evidence.elasticsearch.indices import (
    AskedField,
    IndexMappings,
    LedgerRemnants,
    LiveIndex,
)
from toolkit.evidence.elasticsearch.measures import MOST_ROUTES
from toolkit.evidence.logs.failures import failure_tags

NEWEST = 5000
"""Maximum number of newest documents that are read."""

_NUMERIC = {*WHOLE, *FLOATING, "scaled_float", "unsigned_long"}
_DATES = ("date", "date_nanos")
_COMPRESSION = 1000
"""Of the t-digest behind percentiles; Elasticsearch's default is 100."""


def search_body(asked: LiveIndex, indices: IndexMappings) -> Mapping[str, Any]:
    """Return the body of the search, given the types of the fields.

    Aggregations that a type does not allow are left out: one would fail the whole search.
    """
    body: dict[str, Any] = {
        "size": NEWEST,
        "track_total_hits": True,
        "_source": list(dict.fromkeys((*(field.name for field in asked.fields), "tags"))),
        "aggs": _questions(asked, indices),
    }
    if asked.apart:
        left_out = [clause for each in asked.apart for clause in _apart(each, indices)]
        body["query"] = {"bool": {"must_not": left_out}}
    if _is(indices, "@timestamp", _DATES):
        body["sort"] = [{"@timestamp": {"order": "desc", "unmapped_type": "date"}}]
    return body


def _apart(documents: LedgerRemnants, indices: IndexMappings) -> Iterator[Mapping[str, Any]]:
    if documents.ids:
        yield {"ids": {"values": list(documents.ids)}}
    for name in (documents.field, f"{documents.field}.keyword"):
        if _is(indices, name, ("keyword", "text", "wildcard")):
            yield from ({"prefix": {name: mark}} for mark in documents.marks)


def _questions(asked: LiveIndex, indices: IndexMappings) -> dict[str, Any]:
    status, latency = _role(asked, indices, "status"), _role(asked, indices, "latency")
    each: dict[str, Any] = {}
    if status:
        each["requests"] = {"value_count": {"field": status.name}}
        each["errors"] = {"filter": {"range": {status.name: {"gte": 500}}}}
    if latency:
        each["latency"] = {"stats": {"field": latency.name}}
        each["quantiles"] = _percentiles(latency.name)
    asking = {**each, "ignored": {"terms": {"field": "_ignored", "size": 100}}}
    if status:
        asking["statuses"] = {"terms": {"field": status.name, "size": 1000}}
    route = _role(asked, indices, "route", ("keyword", "constant_keyword", "wildcard"))
    if route:
        asking["routes"] = {"terms": _routes(route.name), "aggs": each}
    if _is(indices, "@timestamp", _DATES):
        hours = {"field": "@timestamp", "fixed_interval": "1h", "min_doc_count": 1}
        asking["hours"] = {"date_histogram": hours, "aggs": each}
        asking["newest"] = {"max": {"field": "@timestamp"}}
    if tags := _tags(indices):
        named = sorted(failure_tags(further=asked.failure_tags))
        asking["failed"] = {"filter": {"terms": {tags: named}}}
        asking["tags"] = {"terms": {"field": tags, "include": named, "size": len(named)}}
    return asking


def _percentiles(field: str) -> Mapping[str, Any]:
    digest = {"compression": _COMPRESSION}
    return {"percentiles": {"field": field, "percents": [50, 95, 99], "tdigest": digest}}


def _routes(field: str) -> Mapping[str, Any]:
    order = [{"_count": "desc"}, {"_key": "asc"}]
    return {"field": field, "size": MOST_ROUTES, "order": order}


def _role(
    asked: LiveIndex, indices: IndexMappings, role: str, types: Any = _NUMERIC
) -> AskedField | None:
    """Return the field of this role, if all indices give it one of these types."""
    found = (field for field in asked.fields if field.role == role)
    return next((field for field in found if _is(indices, field.name, types)), None)


def _is(indices: IndexMappings, field: str, types: Any) -> bool:
    found = indices.types(field)
    return bool(found) and all(kind in types for kind in found)


def _tags(indices: IndexMappings) -> str | None:
    """Return the aggregatable field with the tags; else None."""
    return next((n for n in ("tags", "tags.keyword") if _is(indices, n, ("keyword",))), None)
