"""A workload under load and its autoscaler, without a cluster and in no time.

The decisions are those of the emulated controller. Around it is a plain model of a cluster:
pods take a fixed time to serve, share the load evenly, vanish at once when they are removed,
and are measured at fixed intervals.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from toolkit.kubernetes.autoscaling.decision import choose, force
from toolkit.kubernetes.autoscaling.flags import Flags
from toolkit.kubernetes.autoscaling.fleet import Fleet, Startup, cohort, merge, resize
from toolkit.kubernetes.autoscaling.gauges import Gauge, PodsGauge, TotalGauge
from toolkit.kubernetes.autoscaling.memory import Memory
from toolkit.kubernetes.autoscaling.normalization import (
    normalize,
    remember_rescale,
    with_first_recommendation,
)
from toolkit.kubernetes.autoscaling.observation import PodTemplate
from toolkit.kubernetes.autoscaling.spec import Metric, Spec
from toolkit.kubernetes.autoscaling.timeline import Point, Step, Timeline
from toolkit.kubernetes.autoscaling.trace import Trace

__all__ = ["Load", "Settings", "simulate"]

Load = Mapping[str, Trace]
"""A trace for each metric, by its name: ``cpu``, ``memory``, or that of another metric."""

_LONG_AGO = -86_400_000


@dataclass(frozen=True, slots=True)
class Settings:
    """The cluster around the autoscaler; times in milliseconds."""

    flags: Flags = field(default_factory=Flags)
    template: PodTemplate = field(default_factory=lambda: PodTemplate(()))
    """What the pods request."""
    replicas: int = 1
    """How many there are at the start, all serving."""
    metric_resolution: int = 15_000
    """How often the pods are measured: each value is the mean of the time before. With 0 it is
    what the pods use at the very moment."""
    running_after: int = 0
    """From a pod's creation until its containers run; it is Pending."""
    ready_after: int = 0
    """From then until it is ready and serves."""
    first_sync: int | None = None
    """One sync period after the start if None, as up to Kubernetes 1.36."""

    @property
    def startup(self) -> Startup:
        """A pod is known to the metrics API once it ran for a whole measurement."""
        return Startup(self.running_after, self.ready_after, self.metric_resolution)


def simulate(spec: Spec, load: Load, settings: Settings, duration: int) -> Timeline:
    """Run an autoscaler under a load for ``duration`` milliseconds from time 0.

    Raises `KeyError` if the load lacks a metric of the spec.
    """
    flags, replicas, startup = settings.flags, settings.replicas, settings.startup
    gauges = [_gauge(metric, load[metric.name], spec, settings) for metric in spec.metrics]
    memory, fleet = Memory(), Fleet.of([cohort(replicas, _LONG_AGO, startup)])
    fleets, steps = [(0, fleet)], []
    first = flags.sync_period if settings.first_sync is None else settings.first_sync
    for now in range(first, duration + 1, flags.sync_period):
        memory = with_first_recommendation(memory, now, replicas)
        step, memory = _sync(spec, flags, memory, fleet, gauges, now)
        steps.append(step)
        if step.replicas != replicas:
            # A rescale is remembered after the sync, as the controller does once it is written.
            memory = remember_rescale(memory, spec, now, replicas, step.replicas)
            replicas = step.replicas
            fleet = merge(fleet, now, flags.cpu_initialization_period)
            fleet = resize(fleet, replicas, now, startup)
            fleets.append((now, fleet))
    return Timeline(spec, tuple(steps), tuple(_points(fleets, duration)))


def _gauge(metric: Metric, trace: Trace, spec: Spec, settings: Settings) -> Gauge:
    tolerance = spec.tolerance(settings.flags)
    if metric.source in ("Object", "External"):
        return TotalGauge(metric, trace, tolerance)
    resolution = settings.metric_resolution
    return PodsGauge(metric, trace, settings.template, settings.flags, tolerance, resolution)


def _sync(
    spec: Spec, flags: Flags, memory: Memory, fleet: Fleet, gauges: Sequence[Gauge], now: int
) -> tuple[Step, Memory]:
    """One sync: no metric is asked where none is needed."""
    current, ready = fleet.pods, fleet.serving(now)
    decision = force(spec, current)
    if decision is not None:
        return Step(now, current, ready, (), decision), memory
    found = [gauge.propose(now, fleet, current) for gauge in gauges]
    wanted, _, blocked = choose(found, current)
    if not blocked:
        decision, memory = normalize(spec, flags, memory, now, current, wanted)
    return Step(now, current, ready, found, decision), memory


def _points(fleets: list[tuple[int, Fleet]], duration: int) -> Iterator[Point]:
    """The replicas whenever they changed, be it that pods became ready."""
    ends = [since for since, _ in fleets[1:]]
    for (since, fleet), until in zip(fleets, [*ends, duration + 1], strict=True):
        changes = {each.ready_at for each in fleet.cohorts if since < each.ready_at < until}
        for at in (since, *sorted(changes)):
            yield Point(at, fleet.pods, fleet.serving(at))
