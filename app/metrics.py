"""What the service counts about itself, and the page on which it says so."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, exposition
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.openmetrics import exposition as openmetrics
from prometheus_client.registry import Collector

UNMATCHED = "unmatched"
"""The route of a request that no view took: unknown paths add no series."""

_LABELS = ("method", "route", "status")
_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})

# 0.25 s is the latency objective: the alerts read the number of requests at that edge.
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class _Workers(Collector):
    """Adds up what all workers counted, the dead ones included."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterable[Metric]:
        # The file of a worker that is just starting is empty for a moment, and reading it
        # would break the scrape.
        shares = [str(share) for share in sorted(self._folder.glob("*.db")) if _size(share)]
        merged: Iterable[Metric] = MultiProcessCollector.merge(shares)  # type: ignore[no-untyped-call]
        return merged


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


class Metrics:
    """The metrics of one application.

    Under several workers each process writes its share into ``folder``, and a scrape of any
    of them reads all. There is one instance a process then: a second one would write into
    the same files.
    """

    def __init__(self, version: str, threads: int, folder: Path | None = None) -> None:
        own = CollectorRegistry()
        self._exposed = own
        if folder:
            self._exposed = CollectorRegistry()
            self._exposed.register(_Workers(folder))
        self._requests = Counter("http_requests", "Requests answered.", _LABELS, registry=own)
        self._duration = Histogram(
            "http_request_duration_seconds",
            "Time from a request's arrival in the service to its answer.",
            _LABELS,
            buckets=_BUCKETS,
            registry=own,
        )
        self.in_flight = Gauge(
            "http_requests_in_flight",
            "Requests being answered, this scrape included.",
            multiprocess_mode="livesum",
            registry=own,
        )
        self.capacity = Gauge(
            "http_requests_capacity",
            "Requests that can be answered at once: the threads of the live workers.",
            multiprocess_mode="livesum",
            registry=own,
        )
        build = Gauge(
            "app_build_info",
            "Always 1; the labels tell what is running.",
            ("version", "python"),
            multiprocess_mode="livemax",
            registry=own,
        )
        self.capacity.set(threads)
        build.labels(version, platform.python_version()).set(1)

    def expect(self, route: str, statuses: Iterable[int]) -> None:
        """Show a GET of the route at zero before it is first answered with these statuses.

        An alert on a series that is not there yet is silent, and the first increase is lost
        to `rate`.
        """
        for status in statuses:
            self._requests.labels("GET", route, status)
            self._duration.labels("GET", route, status)

    def count(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """Count one answered request; an unusual method counts as ``other``."""
        labels = (method if method in _METHODS else "other", route or UNMATCHED, status)
        self._requests.labels(*labels).inc()
        self._duration.labels(*labels).observe(seconds)

    def exposition(self, accept: str) -> tuple[bytes, str]:
        """Return the page and its content type: OpenMetrics if ``accept`` names it, else text."""
        if "application/openmetrics-text" in accept:
            page: bytes = openmetrics.generate_latest(self._exposed)  # type: ignore[no-untyped-call]
            return page, openmetrics.CONTENT_TYPE_LATEST
        return exposition.generate_latest(self._exposed), exposition.CONTENT_TYPE_PLAIN_0_0_4
