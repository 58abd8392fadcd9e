"""Measurements of the metrics of a simulated workload."""

from __future__ import annotations

from toolkit.kubernetes.autoscaling.fleet import Fleet
from toolkit.kubernetes.autoscaling.observation import ContainerRequests, PodTemplate, Scale
from toolkit.kubernetes.autoscaling.proposals import (
    MetricFault,
    Proposal,
    propose_pods,
    propose_total,
    rule_of,
)
from toolkit.kubernetes.autoscaling.readings import Gaps, PodReading, PodSample, lacks_request
from toolkit.kubernetes.autoscaling.spec import Flags, Metric, Tolerance
from toolkit.kubernetes.autoscaling.trace import Trace


class TotalGauge:
    """A metric of an object, or an external one: the trace is its value."""

    def __init__(self, metric: Metric, trace: Trace, tolerance: Tolerance) -> None:
        self._metric, self._trace, self._tolerance = metric, trace, tolerance

    def propose(self, now: int, fleet: Fleet, current: int) -> Proposal | MetricFault:
        """Return the proposal of the metric.

        Args:
            now: The time of the sync, in milliseconds.
            fleet: The pods.
            current: The replicas of the scale target.
        """
        values, scale = (self._trace.at(now),), Scale(current, current)
        return propose_total(self._metric, values, scale, fleet.serving(now), self._tolerance)


class Measured:
    """The measurements of a trace at fixed intervals, or at any moment with interval 0."""

    def __init__(self, trace: Trace, interval: int, until: int) -> None:
        self.trace, self.interval = trace, interval
        self._means = trace.means(interval, until) if interval else ()

    def last(self, now: int) -> tuple[int, int]:
        """Return the time of the last measurement, and the mean since the previous one."""
        if not self.interval:
            return now, self.trace.at(now)
        number = now // self.interval
        return number * self.interval, self._means[number]


class PodsGauge:
    """A metric of the pods, measured at fixed intervals; the last measurement is kept."""

    def __init__(
        self,
        metric: Metric,
        measured: Measured,
        template: PodTemplate,
        flags: Flags,
        tolerance: Tolerance,
    ) -> None:
        self._rule = rule_of(metric)
        self._measured, self._flags, self._tolerance = measured, flags, tolerance
        request = template.request(metric.name, metric.container)
        self._request = 0 if isinstance(request, ContainerRequests) else request
        self._gaps = Gaps()
        if isinstance(request, ContainerRequests) and metric.target.type == "Utilization":
            self._gaps = Gaps((), lacks_request(metric, request, "pod"))
        self._at, self._value = -1, 0
        self._known: dict[tuple[int, int], Proposal | MetricFault] = {}

    def propose(self, now: int, fleet: Fleet, current: int) -> Proposal | MetricFault:
        """Return the proposal of the metric.

        Args:
            now: The time of the sync, in milliseconds.
            fleet: The pods.
            current: The replicas of the scale target.
        """
        measured = self._measured
        at, total = measured.last(now)
        if at != self._at:
            # The pods have not changed since the previous sync.
            serving = fleet.pods if at >= fleet.settled_at else fleet.serving(at)
            self._at, self._value = at, measured.trace.per_pod(total, serving)
        if at < fleet.settled_at + measured.interval:
            return self._propose(now, fleet, current)
        # All serve and were measured in full since: only their number and usage matter.
        key = (self._value, current)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._propose(now, fleet, current)
        return found

    def _propose(self, now: int, fleet: Fleet, current: int) -> Proposal | MetricFault:
        request, at = self._request, self._at
        sample = PodSample(self._value, at, self._measured.interval)
        readings: list[PodReading] = [
            (each.pods, each.at(now), sample if at >= each.measured_at else None, request)
            for each in fleet.cohorts
        ]
        return propose_pods(
            self._rule, readings, current, now, self._flags, self._tolerance, self._gaps
        )


Gauge = TotalGauge | PodsGauge
