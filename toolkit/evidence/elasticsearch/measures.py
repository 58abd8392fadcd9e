"""Figures of the requests in a log, from any store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor
from typing import Any, TypeVar

from toolkit.model.grouping import grouped

NumberT = TypeVar("NumberT", int, float)

SCALES = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
"""The units of a latency, in seconds."""
HOUR = 3_600_000
"""Milliseconds."""
MOST_ROUTES = 200
"""Maximum number of routes; the rarest are left out."""


@dataclass(frozen=True, slots=True)
class Row:
    """The values of an event that the figures need."""

    status: int | None = None
    seconds: float | None = None
    route: str | None = None
    at: int | None = None
    """Milliseconds since 1970."""
    tags: tuple[str, ...] = ()
    """The failure tags on it."""
    ignored: tuple[str, ...] = ()
    """The fields whose value an index would ignore."""


@dataclass(frozen=True, slots=True)
class Timings:
    """The latencies of some events, in seconds; else None."""

    seconds: float = 0.0
    """Sum of all latencies."""
    timed: int = 0
    """Number of events with a latency."""
    maximum: float | None = None
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None

    @property
    def mean(self) -> float | None:
        """The mean latency."""
        return self.seconds / self.timed if self.timed else None


@dataclass(frozen=True, slots=True)
class FigureGroup(Timings):
    """The figures of a route, or of an hour."""

    requests: int = 0
    """Number of events with a status."""
    errors: int = 0
    """Number of requests answered with 500 and above."""

    @property
    def error_ratio(self) -> float | None:
        """The share of errors among the requests."""
        return self.errors / self.requests if self.requests else None


@dataclass(frozen=True, slots=True)
class Figures(FigureGroup):
    """All events of a log."""

    events: int = 0
    by_status: Mapping[int, int] = field(default_factory=dict)
    failures: int = 0
    """Number of events with a failure tag."""
    by_tag: Mapping[str, int] = field(default_factory=dict)
    """Number of events by failure tag."""
    ignored: Mapping[str, int] = field(default_factory=dict)
    """Number of events by the field whose value the index ignored."""
    routes: Mapping[str, FigureGroup] = field(default_factory=dict)
    """The most requested first, then by name."""
    hours: Mapping[int, FigureGroup] = field(default_factory=dict)
    """By the start of the hour, in milliseconds since 1970."""
    newest: int | None = None
    """The time of the newest event, in milliseconds since 1970."""

    @property
    def by_class(self) -> Mapping[str, int]:
        """Requests by the class of their status: ``2xx``, ``5xx``."""
        found: dict[str, int] = {}
        for status, count in sorted(self.by_status.items()):
            name = f"{status // 100}xx"
            found[name] = found.get(name, 0) + count
        return found

    def lag(self, now: int) -> float | None:
        """Return the seconds from the newest event to ``now``, in nanoseconds since 1970."""
        return None if self.newest is None else now / 1e9 - self.newest / 1e3


def figures_of(rows: Sequence[Row]) -> Figures:
    """Return the figures of these events.

    >>> figures_of([Row(status=200, seconds=0.1), Row(status=500, seconds=0.3)]).p50
    0.2
    """
    routes = grouped((row.route, row) for row in rows if row.route is not None)
    hours = grouped((row.at // HOUR * HOUR, row) for row in rows if row.at is not None)
    busiest = sorted(routes, key=lambda route: (-len(routes[route]), route))[:MOST_ROUTES]
    return Figures(
        **_values(rows),
        events=len(rows),
        by_status=dict(sorted(Counter(_known(row.status for row in rows)).items())),
        failures=sum(1 for row in rows if row.tags),
        by_tag=dict(Counter(tag for row in rows for tag in row.tags)),
        ignored=dict(Counter(name for row in rows for name in row.ignored)),
        routes={route: FigureGroup(**_values(routes[route])) for route in busiest},
        hours={hour: FigureGroup(**_values(hours[hour])) for hour in sorted(hours)},
        newest=max(_known(row.at for row in rows), default=None),
    )


def _values(rows: Iterable[Row]) -> dict[str, Any]:
    """Return the values of a `FigureGroup`, by name."""
    statuses = _known(row.status for row in rows)
    latencies = sorted(_known(row.seconds for row in rows))
    return {
        "requests": len(statuses),
        "errors": sum(1 for status in statuses if status >= 500),
        "timed": len(latencies),
        "seconds": sum(latencies),
        "maximum": max(latencies, default=None),
        "p50": percentile(latencies, 0.5),
        "p95": percentile(latencies, 0.95),
        "p99": percentile(latencies, 0.99),
    }


def _known(values: Iterable[NumberT | None]) -> list[NumberT]:
    return [value for value in values if value is not None]


def percentile(values: Sequence[float], share: float) -> float | None:
    """Return the value below which a share of ascending values lie; else None.

    Between two values it is interpolated, as DuckDB's ``quantile_cont`` does.

    >>> percentile([1.0, 2.0, 4.0], 0.5), percentile([1.0, 2.0], 0.75), percentile([], 0.5)
    (2.0, 1.75, None)
    """
    if not values:
        return None
    spot = share * (len(values) - 1)
    below, above = values[floor(spot)], values[ceil(spot)]
    return below + (above - below) * (spot - floor(spot))
