"""What the log says of the requests, in numbers, whichever store was asked for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SCALES = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
"""The units of a latency, in seconds."""


@dataclass(frozen=True, slots=True)
class Timings:
    """The latencies of some events. Times in seconds; None where there are none."""

    seconds: float = 0.0
    """All latencies together."""
    timed: int = 0
    """Events with a latency."""
    maximum: float | None = None
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None

    @property
    def mean(self) -> float | None:
        """The mean latency."""
        return self.seconds / self.timed if self.timed else None


@dataclass(frozen=True, slots=True)
class Part(Timings):
    """Some of the events: those of a route, or of an hour."""

    requests: int = 0
    """Events with a status."""
    errors: int = 0
    """Requests answered with 500 and above."""

    @property
    def error_ratio(self) -> float | None:
        """The share of errors among the requests."""
        return self.errors / self.requests if self.requests else None


@dataclass(frozen=True, slots=True)
class Figures(Part):
    """All events of a log."""

    events: int = 0
    by_status: Mapping[int, int] = field(default_factory=dict)
    failures: int = 0
    """Events marked as not parsed."""
    by_tag: Mapping[str, int] = field(default_factory=dict)
    """Events by the tag that marks them as not parsed."""
    ignored: Mapping[str, int] = field(default_factory=dict)
    """Events by the field whose value the index dropped."""
    routes: Mapping[str, Part] = field(default_factory=dict)
    """The busiest first, then by name."""
    hours: Mapping[int, Part] = field(default_factory=dict)
    """By the hour's beginning, in milliseconds since 1970."""
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
        """Seconds from the newest event to ``now``, in nanoseconds since 1970."""
        return None if self.newest is None else now / 1e9 - self.newest / 1e3
