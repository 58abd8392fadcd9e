"""Metrics, and what reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from toolkit.model.expectations import Expectation


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesExpectation(Expectation):
    """A metric the service exports."""

    name: str
    """The name of the metric family, without ``_bucket``, ``_sum`` or ``_count``."""
    type: Literal["counter", "gauge", "histogram", "summary"] | None = None
    """The type in the exposition."""
    labels: tuple[str, ...] = ()
    """Labels of each of its series."""
    role: Literal["requests", "latency"] | None = None
    """``requests`` counts the requests answered; ``latency`` is their histogram."""
    status_label: str = "status"
    """The label that holds the HTTP status, where there is one."""
    unit: Literal["s", "ms"] = "s"
    """The unit of a latency."""
    slo: tuple[float, ...] = ()
    """Thresholds in the metric's unit, each of which must be the bound of a bucket."""
    max_series: int | None = None
    """Maximum number of label sets of this metric."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsExpectation(Expectation):
    """The metrics of the service, and the rules that read them."""

    series: tuple[SeriesExpectation, ...] = ()
    """The metrics of the service; a name alone, or a mapping of the keys below."""
    rules: tuple[str, ...] = ()
    """Globs of Prometheus rule files, or of PrometheusRule manifests."""
    dashboards: tuple[str, ...] = ()
    """Globs of Grafana dashboards, as JSON or in ConfigMaps."""
    exposition: str | None = None
    """A saved scrape, for a service that cannot be started here."""
    external: tuple[str, ...] = ()
    """Prefixes of metrics other programs export, or names of known sets of such prefixes."""
    target_labels: tuple[str, ...] = ()
    """Labels that Prometheus itself adds, by relabelling or as ``external_labels``."""
    max_series: int = 1000
    """Maximum number of label sets of one metric; the buckets of a histogram count once."""
