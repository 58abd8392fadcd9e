"""Which pods count for a metric: ready, unready, missing or ignored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from toolkit.kubernetes.autoscaling.flags import Flags

__all__ = ["Grouping", "Pods", "Reading", "Sample", "group", "ready_to_serve"]


@dataclass(frozen=True, slots=True)
class Pods:
    """Pods that are alike to the autoscaler, as the API server shows them.

    Times are milliseconds on any one clock.
    """

    count: int = 1
    phase: str = "Running"
    ready: str | None = "True"
    """Status of the condition Ready: ``True``, ``False``, ``Unknown``, or None without one."""
    ready_changed: int = 0
    """When this condition last changed."""
    started: int | None = 0
    """When the kubelet took the pod, or None before that."""
    deleting: bool = False
    name: str = ""
    """Of the first of them; only messages show it."""


class Sample(NamedTuple):
    """What the metrics API has of one pod for one metric."""

    value: int
    """Thousandths of the base unit."""
    at: int
    window: int
    """Over how many milliseconds it was measured."""


class Reading(NamedTuple):
    """Pods that are alike, and one metric of each of them."""

    pods: Pods
    sample: Sample | None
    """None if the metrics API knows nothing of them, or lacks a container."""
    request: int = 0
    """What each of them requests of the resource, in thousandths; 0 if the metric has none."""


class Grouping(NamedTuple):
    """The readings of a metric by how they count; terminating and failed pods are in none."""

    ready: list[Reading]
    unready: list[Reading]
    missing: list[Reading]


def group(readings: Sequence[Reading], now: int, flags: Flags, *, cpu: bool) -> Grouping:
    """Sort pods by how they count for a metric; only ``cpu`` looks at their readiness.

    A pending pod is unready for every metric, and one without a sample is missing.
    """
    groups = Grouping([], [], [])
    for reading in readings:
        pods, sample, _ = reading
        if pods.deleting or pods.phase == "Failed":
            continue
        if pods.phase == "Pending":
            groups.unready.append(reading)
        elif sample is None:
            groups.missing.append(reading)
        elif cpu and _unready(pods, sample, now, flags):
            groups.unready.append(reading)
        else:
            groups.ready.append(reading)
    return groups


def _unready(pods: Pods, sample: Sample, now: int, flags: Flags) -> bool:
    """Whether the CPU of a running pod is not yet to be trusted.

    While it initialises, only what was measured in full since it last became ready counts.
    Later it is unready only if it never was ready, which the controller guesses from when the
    condition last changed.
    """
    if pods.ready is None or pods.started is None:
        return True
    if pods.started + flags.cpu_initialization_period > now:
        return pods.ready == "False" or sample.at < pods.ready_changed + sample.window
    never_ready = pods.started + flags.initial_readiness_delay > pods.ready_changed
    return pods.ready == "False" and never_ready


def ready_to_serve(pods: Sequence[Pods]) -> int:
    """How many pods run and are ready, terminating ones included."""
    return sum(each.count for each in pods if each.phase == "Running" and each.ready == "True")
