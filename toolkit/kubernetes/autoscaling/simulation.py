"""Simulation of a workload under load and its autoscaler, without a cluster.

The decisions are those of the emulated controller. The cluster is a simple model:
pods take a fixed time to serve, share the load evenly, vanish at once when they are removed,
and are measured at fixed intervals.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from toolkit.kubernetes.autoscaling.decision import choose, force
from toolkit.kubernetes.autoscaling.fleet import Fleet, Startup, cohort, merge, resize
from toolkit.kubernetes.autoscaling.gauges import Gauge, Measured, PodsGauge, TotalGauge
from toolkit.kubernetes.autoscaling.normalization import Memory, Windows, bound, remember_rescale
from toolkit.kubernetes.autoscaling.observation import PodTemplate
from toolkit.kubernetes.autoscaling.proposals import MetricFault, Proposal
from toolkit.kubernetes.autoscaling.spec import Flags, Metric, Spec
from toolkit.kubernetes.autoscaling.timeline import Point, SimulatedSync, Timeline
from toolkit.kubernetes.autoscaling.trace import Trace

Load = Mapping[str, Trace]
"""A trace for each metric, by its name: ``cpu``, ``memory``, or that of another metric."""

_LONG_AGO = -86_400_000


@dataclass(frozen=True, slots=True)
class ClusterSettings:
    """The cluster of the autoscaler; times in milliseconds."""

    flags: Flags = field(default_factory=Flags)
    template: PodTemplate = field(default_factory=lambda: PodTemplate(()))
    """The requests of the pods."""
    replicas: int = 1
    """Number of pods at the start, all ready."""
    metric_resolution: int = 15_000
    """Interval of measurements: each value is the mean of an interval. With 0 it is the
    momentary usage.
    """
    running_after: int = 0
    """From a pod's creation until its containers run; it is Pending."""
    ready_after: int = 0
    """From then until it is ready and serves."""
    first_sync: int | None = None
    """One sync period after the start if None, as up to Kubernetes 1.36."""
    syncs: tuple[int, ...] = ()
    """The times of syncs, if they are known; if empty, every period from the first on."""

    @property
    def startup(self) -> Startup:
        """A pod is in the metrics API once it ran for a whole measurement."""
        return Startup(self.running_after, self.ready_after, self.metric_resolution)


def simulate(spec: Spec, load: Load, settings: ClusterSettings, duration: int) -> Timeline:
    """Simulate an autoscaler under a load.

    Args:
        spec: The autoscaler.
        load: The traces of its metrics.
        settings: The cluster.
        duration: Milliseconds from time 0.

    Raises:
        KeyError: The load lacks a metric of the spec.
    """
    period = settings.flags.sync_period
    first = period if settings.first_sync is None else settings.first_sync
    syncs = settings.syncs or range(first, duration + 1, period)
    run = _Run(spec, load, settings, next(iter(syncs), first), duration)
    steps = tuple(map(run.sync, syncs))
    return Timeline(spec, steps, tuple(_points(run.fleets, duration)))


class _Run:
    """A running simulation: the controller's memory, and the pods."""

    def __init__(
        self, spec: Spec, load: Load, settings: ClusterSettings, first: int, duration: int
    ) -> None:
        self.spec, self.settings = spec, settings
        self.gauges = [
            _gauge(metric, load[metric.name], spec, settings, duration) for metric in spec.metrics
        ]
        self.windows = Windows(spec, settings.flags)
        self.windows.remember(first, settings.replicas)
        self.changes = Memory()
        self.startup = settings.startup
        self.fleet = Fleet.of([cohort(settings.replicas, _LONG_AGO, self.startup)])
        self.fleets = [(0, self.fleet)]

    def sync(self, now: int) -> SimulatedSync:
        """Do one sync of the controller: metrics are evaluated only if they are needed."""
        fleet, spec = self.fleet, self.spec
        current = fleet.pods
        ready = current if now >= fleet.settled_at else fleet.serving(now)
        found: Sequence[Proposal | MetricFault] = ()
        decision = force(spec, current)
        if decision is None:
            found = [gauge.propose(now, fleet, current) for gauge in self.gauges]
            wanted, _, blocked = choose(found, current)
            if not blocked:
                wanted = wanted if wanted > 0 else 0
                stable, able = self.windows.stabilize(now, current, wanted)
                decision = bound(spec, self.changes, now, current, wanted, stable, able)
        if decision is not None and decision.replicas != current:
            self._resize(now, current, decision.replicas)
        return SimulatedSync(now, current, ready, found, decision)

    def _resize(self, now: int, current: int, replicas: int) -> None:
        # The controller stores a rescale after the sync, once it is written.
        self.changes = remember_rescale(self.changes, self.spec, now, current, replicas)
        fleet = merge(self.fleet, now, self.startup.measured)
        self.fleet = resize(fleet, replicas, now, self.startup)
        self.fleets.append((now, self.fleet))


def _gauge(
    metric: Metric, trace: Trace, spec: Spec, settings: ClusterSettings, duration: int
) -> Gauge:
    tolerance = spec.tolerance(settings.flags)
    if metric.source in ("Object", "External"):
        return TotalGauge(metric, trace, tolerance)
    measured = Measured(trace, settings.metric_resolution, duration)
    return PodsGauge(metric, measured, settings.template, settings.flags, tolerance)


def _points(fleets: list[tuple[int, Fleet]], duration: int) -> Iterator[Point]:
    """Yield the replicas whenever they change, or become ready."""
    ends = [since for since, _ in fleets[1:]]
    for (since, fleet), until in zip(fleets, [*ends, duration + 1], strict=True):
        changes = {each.ready_at for each in fleet.cohorts if since < each.ready_at < until}
        for at in (since, *sorted(changes)):
            yield Point(at, fleet.pods, fleet.serving(at))
