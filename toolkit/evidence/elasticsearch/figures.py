"""Latency and status figures of parsed requests, offline or live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from toolkit.errors import Unsupported
from toolkit.evidence.elasticsearch.indices import AskedField, asked_fields
from toolkit.evidence.elasticsearch.measures import Figures, Row, figures_of
from toolkit.evidence.elasticsearch.responses import live_figures
from toolkit.evidence.elasticsearch.rows import row_reader
from toolkit.evidence.logs.events import Events, events
from toolkit.evidence.service.traffic import ServiceRun, Traffic
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import Answer, Derived, Query


@dataclass(frozen=True, slots=True)
class FiguresOf(Derived[Figures]):
    """Compute the figures of events, without the toolkit's own requests."""

    events: Query[Events]
    traffic: Query[Traffic] | None
    fields: tuple[AskedField, ...]
    failure_tags: tuple[str, ...] = ()

    def derive(
        self, found: Answer[Events], traffic: Answer[Traffic] | None = None
    ) -> Answer[Figures]:
        roles = (each.name for each in self.fields if each.role)
        if doubts := found.evidence.doubts.about(*roles):
            raise Unsupported(*doubts)
        markers = _markers(found.evidence, traffic.evidence) if traffic else None
        figures = figures_of([*self._rows(found.evidence, markers)])
        return Answer(figures, found.origin, figures.requests, "logged requests")

    def _rows(self, found: Events, markers: frozenset[str] | None) -> Iterator[Row]:
        tags = found.pipeline.failure_tags.union(self.failure_tags)
        read = row_reader(self.fields, tags)
        for record in found.records:
            if markers is None or any(each in record.line.text for each in markers):
                yield from (read.row(event) for event in record.events)


def _markers(found: Events, traffic: Traffic) -> frozenset[str] | None:
    """Return the ids of the requests sent; None if the log does not contain such ids."""
    markers = frozenset(each.request.marker for each in traffic.exchanges)
    ordinary = [each.request.marker for each in traffic.exchanges if not each.request.hostile]
    text = "\n".join(record.line.text for record in found.records)
    return markers if any(marker in text for marker in ordinary) else None


def figures(expected: LogExpectation, scope: Scope) -> Mapping[str, Query[Figures]]:
    """Return the queries for the figures of these lines, by source; empty without a status.

    The source ``live`` is a running index.
    """
    if not any(field.role == "status" for field in expected.fields.values()):
        return {}
    service = scope.contract.service
    here = {
        source: FiguresOf(
            found,
            ServiceRun(service) if service and source == "service" else None,
            asked_fields(expected),
            expected.failure_tags,
        )
        for source, found in events(expected, scope).items()
    }
    return {**here, **live_figures(expected, scope)}
