"""Requests sent, requests logged and requests counted, side by side."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from toolkit.evidence.elasticsearch.figures import figures
from toolkit.evidence.elasticsearch.measures import SCALES, Figures
from toolkit.evidence.metrics.expositions import Expositions, live_expositions
from toolkit.evidence.service.traffic import ServiceRun, Traffic
from toolkit.model.contract import Scope
from toolkit.model.expectations.metrics import SeriesExpectation
from toolkit.model.queries import Answer, Derived, Query
from toolkit.prometheus.samples import Series

_STATUS = re.compile("[1-5][0-9][0-9]")


@dataclass(frozen=True, slots=True)
class Agreement:
    """Three views of the same requests; None for a view that the contract does not have."""

    sent: int
    refused: int
    """Refused by the server before the application, or not answered at all."""
    failed: int
    """Answered with 500 and above."""
    seconds: float
    """Duration of all answers together, as the client measured them."""
    logged: Figures | None
    counted: float | None
    counted_errors: float | None
    """None also if the counter has no label with the status."""
    observed_seconds: float | None
    """The growth of the latency histogram's sum."""
    observed: float | None
    """The growth of the latency histogram's count."""
    own: tuple[int, ...] = ()
    """The statuses of the toolkit's own requests, if the log does not distinguish them."""
    absent: tuple[str, ...] = ()
    """Metrics with a role in the contract that are not exported."""
    status_labels: tuple[str, ...] = ()
    """Labels of the counter of requests all of whose values are HTTP statuses."""

    @property
    def answered(self) -> int:
        """Requests the application answered."""
        return self.sent - self.refused

    def logs_requests(self, logged: int) -> bool:
        """Return True if ``logged`` lines are one for each request, own ones optional."""
        return 0 <= logged - self.answered <= len(self.own)

    def logs_errors(self, logged: int) -> bool:
        """Return True if ``logged`` error lines are one for each error, own ones optional."""
        return 0 <= logged - self.failed <= sum(1 for status in self.own if status >= 500)


@dataclass(frozen=True, slots=True)
class AgreementOf(Derived[Agreement]):
    """Count the same requests in the traffic, in the log and in the metrics."""

    traffic: Query[Traffic]
    logged: Query[Figures] | None
    exported: Query[Expositions] | None
    requests: SeriesExpectation | None
    latency: SeriesExpectation | None

    def derive(self, traffic: Answer[Traffic], *others: Answer[Any]) -> Answer[Agreement]:
        # With events that are not known, the number of lines proves nothing about the log.
        found = [each.evidence for each in others if not each.caveats]
        logged = next((each for each in found if isinstance(each, Figures)), None)
        exported = next((each for each in found if isinstance(each, Expositions)), None)
        exchanges = traffic.evidence.exchanges
        reached = [each for each in exchanges if each.from_application]
        counted = Agreement(
            sent=len(exchanges),
            refused=len(exchanges) - len(reached),
            failed=sum(1 for each in reached if (each.status or 0) >= 500),
            seconds=sum(each.seconds for each in reached),
            logged=logged,
            counted=_grown(exported, self.requests, ""),
            counted_errors=_errors(exported, self.requests),
            observed_seconds=_seconds(_grown(exported, self.latency, "_sum"), self.latency),
            observed=_grown(exported, self.latency, "_count"),
            own=_indistinct(traffic.evidence),
            absent=tuple(self._absent(exported)),
            status_labels=tuple(_status_labels(exported, self.requests)),
        )
        return Answer(counted, traffic.origin, traffic.sampled, traffic.unit)

    def _absent(self, exported: Expositions | None) -> Iterator[str]:
        for series in (self.requests, self.latency):
            if exported and series and exported.after.family(series.name) is None:
                yield series.name


def _indistinct(traffic: Traffic) -> tuple[int, ...]:
    """Return the toolkit's own requests, unless the log contains the ids of the others."""
    sent = (each.request for each in traffic.exchanges if not each.request.hostile)
    return () if any(each.marker.encode() in traffic.log for each in sent) else traffic.own


def _grown(
    exported: Expositions | None,
    series: SeriesExpectation | None,
    suffix: str,
    wanted: Callable[[Series], bool] = lambda series: True,
) -> float | None:
    if exported is None or series is None:
        return None
    name = f"{series.name}{suffix}"
    if not exported.after.named(name):
        return None
    return exported.grown(lambda each: each.name == name and wanted(each))


def _seconds(value: float | None, series: SeriesExpectation | None) -> float | None:
    return None if value is None or series is None else value * SCALES[series.unit]


def _errors(exported: Expositions | None, series: SeriesExpectation | None) -> float | None:
    if exported is None or series is None:
        return None
    label = series.status_label
    if not any(label in each.labels for each in exported.after.named(series.name)):
        return None
    return _grown(exported, series, "", lambda each: each.labels.get(label, "").startswith("5"))


def _status_labels(
    exported: Expositions | None, series: SeriesExpectation | None
) -> Iterator[str]:
    labels: dict[str, list[str]] = {}
    for each in exported.after.named(series.name) if exported and series else ():
        for label, value in each.labels.items():
            labels.setdefault(label, []).append(value)
    for label, values in labels.items():
        if all(_STATUS.fullmatch(value) for value in values):
            yield label


def role(scope: Scope, wanted: str) -> SeriesExpectation | None:
    """Return the metric with this role in the contract."""
    series = scope.contract.metrics.series if scope.contract.metrics else ()
    return next((each for each in series if each.role == wanted), None)


def agreement(scope: Scope) -> Query[Agreement] | None:
    """Return the query for the service's requests; None if there is nothing to compare."""
    service = scope.contract.service
    if service is None or not service.requests:
        return None
    logged = next(
        (
            found["service"]
            for each in scope.contract.logs
            if "service" in (found := figures(each, scope))
        ),
        None,
    )
    requests, latency = role(scope, "requests"), role(scope, "latency")
    exported = live_expositions(scope)
    if logged is None and (exported is None or not (requests or latency)):
        return None
    return AgreementOf(ServiceRun(service), logged, exported, requests, latency)
