"""Unparsed documents of an Elasticsearch, by the shape of their lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from toolkit.connectors.elasticsearch import ElasticsearchAccess, ElasticsearchClient
from toolkit.connectors.elasticsearch.client import LENIENT, path_of
from toolkit.connectors.storefile import MOST_SHAPES, VARYING, Shape
from toolkit.evidence.logs.events import lookup
from toolkit.evidence.logs.failures import failure_tags
from toolkit.findings import Location
from toolkit.model.expectations.logs import LogExpectation

_NEWEST = 1000
"""Number of documents that are read."""
_TEXTS = ("event.original", "message")


def failing_shapes(access: ElasticsearchAccess, expected: LogExpectation) -> list[Shape]:
    """Return the shapes of the newest thousand unparsed documents, the most frequent first.

    Raises `Unavailable`.
    """
    with ElasticsearchClient(access) as client:
        found = client.post(path_of(expected.index, "_search"), _body(expected), **LENIENT)
    return _shapes(found["hits"]["hits"], failure_tags(further=expected.failure_tags))


def _body(expected: LogExpectation) -> Mapping[str, Any]:
    named = sorted(failure_tags(further=expected.failure_tags))
    fields = ("tags", "tags.keyword")
    return {
        "size": _NEWEST,
        "_source": ["tags", *_TEXTS],
        "query": {"bool": {"should": [{"terms": {field: named}} for field in fields]}},
        "sort": [{"@timestamp": {"order": "desc", "unmapped_type": "date"}}],
    }


def _shapes(hits: Sequence[Mapping[str, Any]], marks: frozenset[str]) -> list[Shape]:
    counts, first = Counter[tuple[str, str]](), dict[tuple[str, str], Mapping[str, Any]]()
    for hit in hits:
        for key in _keys(hit["_source"], marks):
            counts[key] += 1
            first.setdefault(key, hit)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [
        Shape(tag, shape, count, _text(first[tag, shape]["_source"]), _where(first[tag, shape]))
        for (tag, shape), count in ordered[:MOST_SHAPES]
    ]


def _keys(source: Mapping[str, Any], marks: frozenset[str]) -> Iterator[tuple[str, str]]:
    shape = re.sub(VARYING, "#", _text(source).partition("\n")[0])
    return ((tag, shape) for tag in lookup(source, "tags") if tag in marks)


def _text(source: Mapping[str, Any]) -> str:
    return str(next((value for name in _TEXTS for value in lookup(source, name)), ""))


def _where(hit: Mapping[str, Any]) -> Location:
    return Location(f"elasticsearch:{hit['_index']}:{hit['_id']}")
