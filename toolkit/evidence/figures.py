"""Latency and status figures of parsed requests, from wherever the events are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.evidence.events import Events, events, lookup
from toolkit.evidence.failures import tags_of
from toolkit.evidence.live import live_figures
from toolkit.evidence.measures import SCALES, Figures
from toolkit.evidence.store import Row, ask
from toolkit.evidence.traffic import Run, Traffic
from toolkit.logstash.values import Timestamp
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import Answer, Derived, Query

__all__ = ["Figures", "FiguresOf", "figures"]


@dataclass(frozen=True, slots=True)
class FiguresOf(Derived[Figures]):
    """Put events into a store and ask it; own requests of the toolkit are left out."""

    events: Query[Events]
    traffic: Query[Traffic] | None
    status: str
    latency: str | None
    unit: str = "ms"
    route: str | None = None

    def parts(self) -> tuple[Query[Any], ...]:
        return (self.events, self.traffic) if self.traffic else (self.events,)

    def derive(
        self, found: Answer[Events], traffic: Answer[Traffic] | None = None
    ) -> Answer[Figures]:
        markers = _markers(found.evidence, traffic.evidence) if traffic else None
        figures = ask(self._rows(found.evidence, markers))
        return Answer(figures, found.origin, figures.requests, "logged requests")

    def _rows(self, found: Events, markers: frozenset[str] | None) -> Iterator[Row]:
        for record in found.records:
            tags = tuple(tags_of(record))
            if markers is not None and not any(each in record.line.text for each in markers):
                continue
            for event in record.events:
                yield self._row(event, tags)

    def _row(self, event: Mapping[str, Any], tags: tuple[str, ...]) -> Row:
        status = _number(lookup(event, self.status))
        latency = _number(lookup(event, self.latency)) if self.latency else None
        routes = lookup(event, self.route) if self.route else ()
        return Row(
            status=None if status is None else int(status),
            seconds=None if latency is None else latency * SCALES[self.unit],
            route=str(routes[0]) if routes else None,
            at=_time(event.get("@timestamp")),
            tags=tags,
        )


def _markers(found: Events, traffic: Traffic) -> frozenset[str] | None:
    """The ids of the requests sent; None where the log does not show such ids."""
    markers = frozenset(each.request.marker for each in traffic.exchanges)
    ordinary = [each.request.marker for each in traffic.exchanges if not each.request.hostile]
    text = "\n".join(record.line.text for record in found.records)
    return markers if any(marker in text for marker in ordinary) else None


def _number(values: tuple[Any, ...]) -> float | None:
    """The first value as a number, as Elasticsearch's numeric types would take it."""
    for value in values:
        try:
            return float(value)
        except (TypeError, ValueError):
            continue
    return None


def _time(value: Any) -> int | None:
    """Milliseconds since 1970, if it is a time."""
    try:
        return Timestamp.parse(str(value)).nanoseconds // 1_000_000
    except ValueError:
        return None


def figures(expected: LogExpectation, scope: Scope) -> Mapping[str, Query[Figures]]:
    """The figures of lines of this kind, by the source of the lines; none without a status.

    The source ``live`` is an index that runs.
    """
    roles = {field.role: (name, field) for name, field in expected.fields.items() if field.role}
    if "status" not in roles:
        return {}
    latency = roles.get("latency")
    service = scope.contract.service
    here = {
        source: FiguresOf(
            found,
            Run(service) if service and source == "service" else None,
            roles["status"][0],
            latency[0] if latency else None,
            latency[1].unit if latency else "ms",
            roles["route"][0] if "route" in roles else None,
        )
        for source, found in events(expected, scope).items()
    }
    return {**here, **live_figures(expected, scope)}
