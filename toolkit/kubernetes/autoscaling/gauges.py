"""How the metrics of a simulated workload are measured."""

from __future__ import annotations

from toolkit.kubernetes.autoscaling.flags import Flags, Tolerance
from toolkit.kubernetes.autoscaling.fleet import Fleet
from toolkit.kubernetes.autoscaling.observation import Container, PodTemplate, Scale
from toolkit.kubernetes.autoscaling.proposals import Fault, Gaps, Proposal, propose_pods, rule_of
from toolkit.kubernetes.autoscaling.readiness import Reading, Sample
from toolkit.kubernetes.autoscaling.readings import lacks_request
from toolkit.kubernetes.autoscaling.spec import Metric
from toolkit.kubernetes.autoscaling.totals import propose_total
from toolkit.kubernetes.autoscaling.trace import Trace

__all__ = ["Gauge", "PodsGauge", "TotalGauge"]


class TotalGauge:
    """A metric of an object, or of the world outside: the trace is its value."""

    def __init__(self, metric: Metric, trace: Trace, tolerance: Tolerance) -> None:
        self._metric, self._trace, self._tolerance = metric, trace, tolerance

    def propose(self, now: int, fleet: Fleet, current: int) -> Proposal | Fault:
        """What it proposes at a time, for pods and current replicas."""
        values, scale = (self._trace.at(now),), Scale(current, current)
        return propose_total(self._metric, values, scale, fleet.serving(now), self._tolerance)


class PodsGauge:
    """A metric of the pods, measured at fixed intervals; the last measurement is kept."""

    def __init__(
        self,
        metric: Metric,
        trace: Trace,
        template: PodTemplate,
        flags: Flags,
        tolerance: Tolerance,
        resolution: int,
    ) -> None:
        self._rule = rule_of(metric)
        self._trace, self._resolution = trace, resolution
        self._flags, self._tolerance = flags, tolerance
        request = template.request(metric.name, metric.container)
        self._request = 0 if isinstance(request, Container) else request
        self._gaps = Gaps()
        if isinstance(request, Container) and metric.target.type == "Utilization":
            self._gaps = Gaps((), lacks_request(metric, request, "pod"))
        self._sample, self._area = Sample(0, -1, resolution), 0
        self._fleet: Fleet | None = None
        self._calm_at = 0
        self._known: int | None = None
        self._found: Proposal | Fault = Fault("nothing was asked yet")

    def propose(self, now: int, fleet: Fleet, current: int) -> Proposal | Fault:
        """What it proposes at a time, for pods and current replicas."""
        sample = self._measure(now, fleet)
        # Pods are only alike for good until the next ones come.
        if fleet is not self._fleet:
            self._fleet, self._calm_at = fleet, self._calm_from(fleet)
            self._known = None
        if sample.value != self._known:
            # Once nothing tells the pods apart, only their number and usage matter.
            self._known = sample.value if now >= self._calm_at else None
            self._found = self._propose(now, fleet, current, sample)
        return self._found

    def _propose(self, now: int, fleet: Fleet, current: int, sample: Sample) -> Proposal | Fault:
        request, at = self._request, sample.at
        readings: list[Reading] = [
            (each.pods, each.at(now), sample if at >= each.measured_at else None, request)
            for each in fleet.cohorts
        ]
        return propose_pods(
            self._rule, readings, current, now, self._flags, self._tolerance, self._gaps
        )

    def _calm_from(self, fleet: Fleet) -> int:
        """When all pods serve, are measured, and are past their initialization."""
        grown = fleet.grown_at(self._flags.cpu_initialization_period)
        return grown + self._resolution

    def _measure(self, now: int, fleet: Fleet) -> Sample:
        """The last measurement: since the sync before this one the pods were those of now."""
        resolution = self._resolution
        at = now - now % resolution if resolution else now
        if at > self._sample.at:
            value = self._mean(at)
            self._sample = Sample(self._trace.per_pod(value, fleet.serving(at)), at, resolution)
        return self._sample

    def _mean(self, at: int) -> int:
        """The mean since the measurement before, whose area is mostly known already."""
        trace, resolution = self._trace, self._resolution
        if not resolution:
            return trace.at(at)
        adjoins = self._sample.at == at - resolution
        before = self._area if adjoins else trace.area(at - resolution)
        self._area = trace.area(at)
        return (self._area - before) // resolution


Gauge = TotalGauge | PodsGauge
