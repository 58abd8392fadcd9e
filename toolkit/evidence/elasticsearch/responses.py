"""Figures and documents of running indices, parsed from a server's responses."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.evidence.elasticsearch.indices import AskedField, LiveIndex, LiveState, live_index
from toolkit.evidence.elasticsearch.measures import SCALES, FigureGroup, Figures
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import Answer, Derived, Query

_Found = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """A document of an index."""

    index: str
    id: str
    source: Mapping[str, Any]
    """The fields of the contract, as they were sent."""
    ignored: tuple[str, ...]
    """The fields whose value was ignored."""


@dataclass(frozen=True, slots=True)
class IndexedDocuments:
    """The newest documents of some indices, the newest first."""

    documents: tuple[IndexedDocument, ...]
    total: int
    """Number of documents in the indices."""

    @property
    def complete(self) -> bool:
        """True if these are all documents."""
        return len(self.documents) == self.total


@dataclass(frozen=True, slots=True)
class DocumentsIn(Derived[IndexedDocuments]):
    """Parse the newest documents."""

    asked: Query[LiveState]

    def derive(self, state: Answer[LiveState]) -> Answer[IndexedDocuments]:
        hits = json.loads(state.evidence.search).get("hits", {})
        found = tuple(
            IndexedDocument(
                hit["_index"], hit["_id"], hit.get("_source", {}), tuple(hit.get("_ignored", ()))
            )
            for hit in hits.get("hits", ())
        )
        documents = IndexedDocuments(found, hits.get("total", {}).get("value", 0))
        return Answer(documents, state.origin, documents.total, "indexed events")


@dataclass(frozen=True, slots=True)
class LiveFigures(Derived[Figures]):
    """Parse the figures from the aggregations of a search."""

    asked: LiveIndex

    def derive(self, state: Answer[LiveState]) -> Answer[Figures]:
        search = json.loads(state.evidence.search)
        found = search.get("aggregations", {})
        total = search.get("hits", {}).get("total", {}).get("value", 0)
        scale = next((SCALES[each.unit] for each in self.asked.fields if _is_latency(each)), 1.0)
        figures = Figures(
            **_values(found, scale),
            events=total,
            by_status={int(key): count for key, count in sorted(_counts(found, "statuses"))},
            failures=found.get("failed", {}).get("doc_count", 0),
            by_tag=dict(_counts(found, "tags")),
            ignored=dict(_counts(found, "ignored")),
            routes={each["key"]: _part(each, scale) for each in _buckets(found, "routes")},
            hours={each["key"]: _part(each, scale) for each in _buckets(found, "hours")},
            newest=_whole(found.get("newest", {}).get("value")),
        )
        return Answer(figures, state.origin, total, "indexed events")


def _is_latency(field: AskedField) -> bool:
    return field.role == "latency"


def _part(found: _Found, scale: float) -> FigureGroup:
    return FigureGroup(**_values(found, scale))


def _values(found: _Found, scale: float) -> dict[str, Any]:
    """Return the values of a `FigureGroup`, by name."""
    stats = found.get("latency") or {}
    quantiles = (found.get("quantiles") or {}).get("values") or {}
    times = {
        "maximum": stats.get("max"),
        **{f"p{number}": quantiles.get(f"{number}.0") for number in (50, 95, 99)},
    }
    return {
        "seconds": (stats.get("sum") or 0.0) * scale,
        "timed": stats.get("count", 0),
        "requests": found.get("requests", {}).get("value", 0),
        "errors": found.get("errors", {}).get("doc_count", 0),
        **{name: None if value is None else value * scale for name, value in times.items()},
    }


def _buckets(found: _Found, name: str) -> list[dict[str, Any]]:
    buckets: list[dict[str, Any]] = found.get(name, {}).get("buckets", [])
    return buckets


def _counts(found: _Found, name: str) -> Iterator[tuple[Any, int]]:
    return ((each["key"], each["doc_count"]) for each in _buckets(found, name))


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def live_figures(expected: LogExpectation, scope: Scope) -> Mapping[str, Query[Figures]]:
    """Return the queries for the figures of live indices; empty in an offline run."""
    asked = live_index(expected, scope)
    return {"live": LiveFigures(asked)} if asked else {}


def live_documents(expected: LogExpectation, scope: Scope) -> Query[IndexedDocuments] | None:
    """Return the query for the newest live documents; None in an offline run."""
    asked = live_index(expected, scope)
    return DocumentsIn(asked) if asked else None
