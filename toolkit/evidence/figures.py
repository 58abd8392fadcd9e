"""Latency and status figures of parsed requests, asked of an embedded DuckDB store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.evidence.events import Events, events, lookup
from toolkit.evidence.failures import tags_of
from toolkit.evidence.traffic import Run, Traffic
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import Answer, Derived, Query

__all__ = ["Figures", "FiguresOf", "figures"]

_SECONDS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}

_QUESTIONS = """
SELECT count(*) FILTER (status IS NOT NULL),
       count(*) FILTER (status >= 500),
       count(*) FILTER (failed),
       coalesce(sum(seconds), 0),
       count(seconds),
       quantile_cont(seconds, 0.5), quantile_cont(seconds, 0.95), quantile_cont(seconds, 0.99)
FROM events
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """What the log says of the requests. Times in seconds."""

    requests: int
    """Events with a status."""
    by_class: Mapping[str, int]
    """Requests by the class of their status: ``2xx``, ``5xx``."""
    errors: int
    """Requests answered with 500 and above."""
    failures: int
    """Events marked as not parsed."""
    seconds: float
    """All latencies together."""
    timed: int
    """Events with a latency."""
    p50: float | None
    p95: float | None
    p99: float | None

    @property
    def mean(self) -> float | None:
        """The mean latency."""
        return self.seconds / self.timed if self.timed else None


@dataclass(frozen=True, slots=True)
class FiguresOf(Derived[Figures]):
    """Put events into a store and ask it; own requests of the toolkit are left out."""

    events: Query[Events]
    traffic: Query[Traffic] | None
    status: str
    latency: str | None
    unit: str = "ms"

    def parts(self) -> tuple[Query[Any], ...]:
        return (self.events, self.traffic) if self.traffic else (self.events,)

    def derive(
        self, found: Answer[Events], traffic: Answer[Traffic] | None = None
    ) -> Answer[Figures]:
        markers = _markers(found.evidence, traffic.evidence) if traffic else None
        rows = list(self._rows(found.evidence, markers))
        figures = _ask(rows)
        return Answer(figures, found.origin, figures.requests, "logged requests")

    def _rows(
        self, found: Events, markers: frozenset[str] | None
    ) -> Iterator[tuple[int | None, float | None, bool]]:
        for record in found.records:
            failed = bool(tags_of(record))
            if markers is not None and not any(each in record.line.text for each in markers):
                continue
            for event in record.events:
                status = _number(lookup(event, self.status))
                latency = _number(lookup(event, self.latency)) if self.latency else None
                seconds = None if latency is None else latency * _SECONDS[self.unit]
                yield None if status is None else int(status), seconds, failed


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


def _ask(rows: list[tuple[int | None, float | None, bool]]) -> Figures:
    import duckdb

    with duckdb.connect(":memory:") as store:
        store.execute("CREATE TABLE events (status INTEGER, seconds DOUBLE, failed BOOLEAN)")
        columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], []]
        store.execute("INSERT INTO events SELECT unnest(?), unnest(?), unnest(?)", columns)
        asked = store.execute(_QUESTIONS).fetchone()
        assert asked is not None
        requests, errors, failures, seconds, timed, p50, p95, p99 = asked
        classes = store.execute(
            "SELECT status // 100, count(*) FROM events WHERE status IS NOT NULL"
            " GROUP BY 1 ORDER BY 1"
        ).fetchall()
    by_class = {f"{int(hundreds)}xx": number for hundreds, number in classes}
    return Figures(requests, by_class, errors, failures, seconds, timed, p50, p95, p99)


def figures(expected: LogExpectation, scope: Scope) -> Mapping[str, Query[Figures]]:
    """The figures of lines of this kind, by the source of the lines; none without a status."""
    roles = {field.role: (name, field) for name, field in expected.fields.items() if field.role}
    if "status" not in roles:
        return {}
    latency = roles.get("latency")
    service = scope.contract.service
    return {
        source: FiguresOf(
            found,
            Run(service) if service and source == "service" else None,
            roles["status"][0],
            latency[0] if latency else None,
            latency[1].unit if latency else "ms",
        )
        for source, found in events(expected, scope).items()
    }
