"""Which pods count for a metric: ready, unready, missing or ignored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from toolkit.kubernetes.autoscaling.flags import Flags


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod as the API server shows it; times are milliseconds on any one clock."""

    phase: str = "Running"
    ready: str | None = "True"
    """Status of the condition Ready: ``True``, ``False``, ``Unknown``, or None without one."""
    ready_changed: int = 0
    """When this condition last changed."""
    started: int | None = 0
    """When the kubelet took the pod, or None before that."""
    deleting: bool = False
    name: str = ""
    """Only messages show it."""

    @property
    def serves(self) -> bool:
        """Whether it runs and is ready, be it terminating."""
        return self.phase == "Running" and self.ready == "True"


class Sample(NamedTuple):
    """What the metrics API has of one pod for one metric."""

    value: int
    """Thousandths of the base unit."""
    at: int
    window: int
    """Over how many milliseconds it was measured."""


Reading = tuple[int, Pod, Sample | None, int]
"""How many pods are like this one, and one metric of each of them.

Without a sample the metrics API knows nothing of them, or lacks a container. The last number is
what each of them requests of the resource, in thousandths; 0 if the metric needs no request.
"""

Sums = tuple[int, int, int]
"""Pods, their usage and their requests, in thousandths."""


def tally(
    readings: Sequence[Reading], assume: Callable[[int], int], now: int, flags: Flags, *, cpu: bool
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


def _unready(pod: Pod, sample: Sample, now: int, flags: Flags) -> bool:
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
