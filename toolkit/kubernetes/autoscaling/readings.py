"""One metric of the pods: which of them count, and what the metrics APIs returned for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from toolkit.kubernetes.autoscaling.observation import (
    ContainerRequests,
    Observation,
    ObservedPods,
    Pod,
    PodMetrics,
)
from toolkit.kubernetes.autoscaling.spec import Flags, Metric


class PodSample(NamedTuple):
    """What the metrics API has of one pod for one metric."""

    value: int
    """Thousandths of the base unit."""
    at: int
    window: int
    """Over how many milliseconds it was measured."""


PodReading = tuple[int, Pod, PodSample | None, int]
"""How many pods are like this one, and one metric of each of them.

Without a sample the metrics API knows nothing of them, or lacks a container. The last number is
what each of them requests of the resource, in thousandths; 0 if the metric needs no request.
"""

Sums = tuple[int, int, int]
"""Pods, their usage and their requests, in thousandths."""


class Gaps(NamedTuple):
    """What does not fit together of the pods and the metrics of a metric."""

    strays: Sequence[int] = ()
    """Values of pods that the selector does not find: they are counted all the same."""
    missing_request: str | None = None
    """The fault of the first container without the request that the metric needs."""


NO_GAPS = Gaps()


def tally(
    readings: Sequence[PodReading],
    assume: Callable[[int], int],
    now: int,
    flags: Flags,
    *,
    cpu: bool,
) -> tuple[Sums, Sums, Sums]:
    """Sum up the pods that are ready, unready and missing, each by themselves.

    Terminating and failed pods are in none. A pending pod is unready for every metric, and one
    without a sample is missing; only ``cpu`` looks at their readiness. An unready pod is taken
    to use nothing, and a missing one what ``assume`` tells from its request.
    """
    ready = usage = requests = unready = unready_requests = 0
    missing = missing_usage = missing_requests = 0
    for count, pod, sample, request in readings:
        phase = pod.phase
        if pod.deleting or phase == "Failed":
            continue
        if phase != "Pending" and sample is None:
            missing += count
            missing_usage += count * assume(request)
            missing_requests += count * request
        elif sample is None or phase == "Pending" or (cpu and _unready(pod, sample, now, flags)):
            unready += count
            unready_requests += count * request
        else:
            ready += count
            usage += count * sample.value
            requests += count * request
    return (
        (ready, usage, requests),
        (unready, 0, unready_requests),
        (missing, missing_usage, missing_requests),
    )


def _unready(pod: Pod, sample: PodSample, now: int, flags: Flags) -> bool:
    """Whether the CPU of a running pod is not yet to be trusted.

    While it initialises, only what was measured in full since it last became ready counts.
    Later it is unready only if it never was ready, which the controller guesses from when the
    condition last changed.
    """
    if pod.ready is None or pod.started is None:
        return True
    if pod.started + flags.cpu_initialization_period > now:
        return pod.ready == "False" or sample.at < pod.ready_changed + sample.window
    never_ready = pod.started + flags.initial_readiness_delay > pod.ready_changed
    return pod.ready == "False" and never_ready


def read_pods(metric: Metric, observation: Observation) -> tuple[list[PodReading], Gaps]:
    """The readings of a Resource, ContainerResource or Pods metric."""
    readings = [
        (each.count, each.pod, _sample(metric, each.metrics), _request(metric, each))
        for each in observation.pods
    ]
    strays = (_sample(metric, each) for each in observation.strays)
    values = [sample.value for sample in strays if sample is not None]
    return readings, Gaps(values, _missing_request(metric, observation.pods))


def _sample(metric: Metric, metrics: PodMetrics | None) -> PodSample | None:
    value = None if metrics is None else _value(metric, metrics)
    return (
        None if metrics is None or value is None else PodSample(value, metrics.at, metrics.window)
    )


def _value(metric: Metric, metrics: PodMetrics) -> int | None:
    """A pod's value, or None if any container that counts lacks it."""
    if metric.source == "Pods":
        return metrics.values.get(metric.name)
    if metric.container:
        return metrics.usage.get(metric.container, {}).get(metric.name)
    found = [usage.get(metric.name) for usage in metrics.usage.values()]
    known = [value for value in found if value is not None]
    return sum(known) if found and len(known) == len(found) else None


def _request(metric: Metric, observed: ObservedPods) -> int:
    if metric.target.type != "Utilization":
        return 0
    found = observed.template.request(metric.name, metric.container)
    return 0 if isinstance(found, ContainerRequests) else found


def _missing_request(metric: Metric, pods: tuple[ObservedPods, ...]) -> str | None:
    """The fault of the first pod that lacks a request; a terminating one counts too."""
    if metric.target.type != "Utilization":
        return None
    # One such pod is enough to fail the whole metric.
    for each in pods:
        found = each.template.request(metric.name, metric.container)
        if isinstance(found, ContainerRequests):
            return lacks_request(metric, found, each.pod.name)
    return None


def lacks_request(metric: Metric, container: ContainerRequests, pod: str) -> str:
    """The fault of a pod whose container requests nothing of the resource."""
    return f"missing request for {metric.name} in container {container.name} of Pod {pod}"
