"""One metric of the pods: the pods that count, and their values in the metrics APIs."""

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
    """The value of one pod for one metric."""

    value: int
    """Thousandths of the base unit."""
    at: int
    window: int
    """Duration of the measurement, in milliseconds."""


PodReading = tuple[int, Pod, PodSample | None, int]
"""Number of equal pods, and one metric of each of them.

Without a sample the metrics API has no value of them, or lacks a container. The last number is
the request of each of them for the resource, in thousandths; 0 if the metric needs no request.
"""

Sums = tuple[int, int, int]
"""Pods, their usage and their requests, in thousandths."""


class Gaps(NamedTuple):
    """Mismatches between the pods and the values of a metric."""

    strays: Sequence[int] = ()
    """Values of pods that the selector does not match: they count all the same."""
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
    """Sum up the ready, the unready and the missing pods, each by themselves.

    Terminating and failed pods are left out. A pending pod is unready for every metric, and one
    without a sample is missing; only CPU depends on readiness.

    Args:
        readings: The values of the pods.
        assume: Returns the assumed usage of a missing pod, by its request.
        now: The time of the sync, in milliseconds.
        flags: The controller's flags.
        cpu: True if the readiness of the pods matters.
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
    """Return True if the CPU of a running pod does not count yet.

    While it initialises, only a full measurement since it last became ready counts.
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
    """Return the values of a Resource, ContainerResource or Pods metric."""
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
    """Return a pod's value, or None if any container that counts lacks it."""
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
    """Return the fault of the first pod without a request; a terminating one counts too."""
    if metric.target.type != "Utilization":
        return None
    # One such pod is enough to fail the whole metric.
    for each in pods:
        found = each.template.request(metric.name, metric.container)
        if isinstance(found, ContainerRequests):
            return lacks_request(metric, found, each.pod.name)
    return None


def lacks_request(metric: Metric, container: ContainerRequests, pod: str) -> str:
    """Return the fault of a pod whose container has no request for the resource.

    Args:
        metric: The metric.
        container: The container.
        pod: The name of the pod.
    """
    return f"missing request for {metric.name} in container {container.name} of Pod {pod}"
