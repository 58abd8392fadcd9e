"""Values that an index ignores while it keeps their documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.evidence.elasticsearch.indexing import Indexing, indexings
from toolkit.evidence.elasticsearch.indices import live_index
from toolkit.evidence.elasticsearch.measures import Figures
from toolkit.evidence.elasticsearch.responses import DocumentsIn, IndexedDocuments, LiveFigures
from toolkit.evidence.logs.events import lookup
from toolkit.findings import Location
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import Answer, Derived, Query


@dataclass(frozen=True, slots=True)
class Ignored:
    """A field, and the number of events whose value is ignored."""

    field: str
    count: int
    where: Location
    """The first of them."""
    value: Any = None
    """The value of the first; None if it is not known."""


@dataclass(frozen=True, slots=True)
class IgnoredOf(Derived[tuple[Ignored, ...]]):
    """Count the ignored values of events that were indexed."""

    indexing: Query[Indexing]

    def derive(self, found: Answer[Indexing]) -> Answer[tuple[Ignored, ...]]:
        counts, first = Counter[str](), dict[str, tuple[Location, Any]]()
        for each in found.evidence.attempts:
            for name in each.outcome.ignored:
                counts[name] += 1
                value = next(iter(lookup(each.event, name)), None)
                first.setdefault(name, (each.record.line.find(value, name), value))
        ignored = tuple(Ignored(name, count, *first[name]) for name, count in counts.items())
        return Answer(ignored, found.origin, found.sampled, found.unit)


@dataclass(frozen=True, slots=True)
class IgnoredLive(Derived[tuple[Ignored, ...]]):
    """Read the ignored values of a live index; the newest documents give an example."""

    figures: Query[Figures]
    documents: Query[IndexedDocuments]
    index: str

    def derive(
        self, figures: Answer[Figures], documents: Answer[IndexedDocuments]
    ) -> Answer[tuple[Ignored, ...]]:
        found = tuple(
            self._ignored(name, count, documents.evidence)
            for name, count in figures.evidence.ignored.items()
        )
        return Answer(found, figures.origin, figures.sampled, figures.unit)

    def _ignored(self, name: str, count: int, documents: IndexedDocuments) -> Ignored:
        for each in documents.documents:
            if name in each.ignored:
                value = next(iter(lookup(each.source, name)), None)
                return Ignored(
                    name, count, Location(f"elasticsearch:{each.index}:{each.id}"), value
                )
        return Ignored(name, count, Location(f"elasticsearch:{self.index}"))


def ignored(expected: LogExpectation, scope: Scope) -> Mapping[str, Query[tuple[Ignored, ...]]]:
    """Return the queries for ignored values, by the source of the events."""
    asked = live_index(expected, scope)
    here: dict[str, Query[tuple[Ignored, ...]]] = {
        source: IgnoredOf(each)
        for source, each in indexings(expected, scope).items()
        if source != "live"
    }
    if asked:
        here["live"] = IgnoredLive(LiveFigures(asked), DocumentsIn(asked), asked.index)
    return here
