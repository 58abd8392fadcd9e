"""A label takes as many values as clients care to send."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from toolkit.checks import check
from toolkit.evidence.metrics.expositions import Expositions, live_expositions
from toolkit.evidence.service.traffic import ServiceRun, Traffic
from toolkit.findings import Finding, Location
from toolkit.model.contract import Scope
from toolkit.model.expectations.metrics import MetricsExpectation
from toolkit.model.queries import Pair, Query
from toolkit.prometheus.samples import Series


def _queries(
    expected: MetricsExpectation, scope: Scope
) -> Query[tuple[Traffic, Expositions]] | None:
    exported, service = live_expositions(scope), scope.contract.service
    return Pair(ServiceRun(service), exported) if exported and service else None


@check(expects=MetricsExpectation, queries=_queries)
def cardinality(
    expected: MetricsExpectation, observed: tuple[Traffic, Expositions]
) -> Iterator[Finding]:
    """No label holds what a client chose, and no metric has more label sets than agreed.

    ## Why it matters
    Each label set is a series that Prometheus keeps in memory. With the raw path as a
    label, one scanner that asks for ten thousand pages takes Prometheus down.

    ## How to fix it
    Label with the route's template (`/users/<id>`), and with one fixed word for everything
    that no route matches. Never with a path, an id, an address or a user agent.

    ## Reference
    https://prometheus.io/docs/practices/naming/#labels
    """
    traffic, exported = observed
    markers = [each.request.marker for each in traffic.exchanges]
    yield from _chosen_by_clients(exported, markers)
    limits = {each.name: each.max_series for each in expected.series if each.max_series}
    sets = {(_metric(each), _labels(each)) for each in exported.after}
    for name, number in sorted(Counter(metric for metric, _ in sets).items()):
        limit = limits.get(name, expected.max_series)
        if number > limit:
            yield Finding(
                what=f"`{name}` has {number} label sets, more than {limit}",
                where=Location(f"{exported.source}:{name}"),
                why=f"{expected.declared} allows {limit}",
                fix="take out the label with the most values, or raise `max_series`.",
            )


def _chosen_by_clients(exported: Expositions, markers: list[str]) -> Iterator[Finding]:
    reported: set[tuple[str, str]] = set()
    for series in exported.after:
        for label, value in series.labels.items():
            key = (series.name, label)
            if key not in reported and any(marker in value for marker in markers):
                reported.add(key)
                yield _raw(exported, series, label)


def _raw(exported: Expositions, series: Series, label: str) -> Finding:
    shown = series.labels[label][:40]
    return Finding(
        what=f"label `{label}` of `{series.name}` holds what a client sent: `{shown}`",
        where=Location(f"{exported.source}:{series.name}"),
        why="every request for another page that does not exist adds a series",
        fix=f"set `{label}` to the route's template, and to one word where no route matches.",
    )


def _labels(series: Series) -> frozenset[tuple[str, str]]:
    """Its labels; the buckets of a histogram belong to one set."""
    return frozenset(each for each in series.labels.items() if each[0] not in ("le", "quantile"))


def _metric(series: Series) -> str:
    for suffix in ("_bucket", "_sum", "_count", "_created"):
        if series.name.endswith(suffix):
            return series.name.removesuffix(suffix)
    return series.name
