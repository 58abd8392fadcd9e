"""What one metric of the pods proposes: resource, container resource and pods metrics.

The controller takes the ratio of usage to target over the ready pods that have a sample. Where
others are missing or unready it assumes for them what speaks against the move, takes the ratio
anew, and gives up if that turns the move round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from toolkit.kubernetes.autoscaling.flags import Flags, Tolerance
from toolkit.kubernetes.autoscaling.int64 import ceil32, quotient, wrap32, wrap64
from toolkit.kubernetes.autoscaling.readiness import Grouping, Reading, group

__all__ = ["Fault", "Proposal", "Readings", "propose_average", "propose_utilization"]


class Proposal(NamedTuple):
    """How many replicas a metric wants, and what it was seen to be."""

    replicas: int
    value: int
    """Thousandths: the average of the pods, or the value of the object."""
    utilization: int | None = None
    """Per cent of the requests, where the target is one."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a metric proposes nothing, in the controller's words."""

    text: str


class Readings(NamedTuple):
    """All that is known of one metric of the pods."""

    known: Sequence[Reading]
    strays: Sequence[int] = ()
    """Values of pods that the selector does not find: they are counted all the same."""
    missing_request: str | None = None
    """The fault of the first container without the request that the metric needs."""


class _Entry(NamedTuple):
    """Pods as they enter a ratio; without a request they are strays."""

    pods: int
    value: int
    request: int | None


class _Ratio(NamedTuple):
    ratio: float
    average: int
    utilization: int | None


class _Utilization(NamedTuple):
    """Measures against the requests; per cent are whole, so that 55.9 is 55."""

    target: int

    def measure(self, entries: list[_Entry]) -> _Ratio | Fault:
        usage = requests = matched = 0
        for pods, value, request in entries:
            if request is not None:
                usage += pods * value
                requests += pods * request
                matched += pods
        if requests == 0:
            return Fault("no metrics returned matched known pods")
        percent = wrap32(quotient(wrap64(usage * 100), wrap64(requests)))
        return _Ratio(percent / self.target, quotient(wrap64(usage), matched), percent)

    def assume(self, reading: Reading) -> int:
        """What a missing pod is taken to use before others are removed."""
        return quotient(wrap64(reading.request * max(100, self.target)), 100)


class _Average(NamedTuple):
    """Measures against a value per pod, cut to whole thousandths."""

    target: int

    def measure(self, entries: list[_Entry]) -> _Ratio | Fault:
        usage = counted = 0
        for pods, value, _ in entries:
            usage += pods * value
            counted += pods
        average = quotient(wrap64(usage), counted)
        return _Ratio(average / self.target, average, None)

    def assume(self, reading: Reading) -> int:
        """What a missing pod is taken to use before others are removed."""
        return self.target


def propose_utilization(
    readings: Readings,
    target: int,
    current: int,
    now: int,
    flags: Flags,
    tolerance: Tolerance,
    *,
    cpu: bool,
) -> Proposal | Fault:
    """What a target in per cent of the requests proposes."""
    groups = group(readings.known, now, flags, cpu=cpu)
    return _propose(_Utilization(target), groups, readings, current, tolerance)


def propose_average(
    readings: Readings,
    target: int,
    current: int,
    now: int,
    flags: Flags,
    tolerance: Tolerance,
    *,
    cpu: bool,
) -> Proposal | Fault:
    """What a target in thousandths per pod proposes."""
    groups = group(readings.known, now, flags, cpu=cpu)
    return _propose(_Average(target), groups, readings, current, tolerance)


def _propose(
    rule: _Utilization | _Average,
    groups: Grouping,
    readings: Readings,
    current: int,
    tolerance: Tolerance,
) -> Proposal | Fault:
    entries = [
        _Entry(pods.count, sample.value, request)
        for pods, sample, request in groups.ready
        if sample is not None
    ]
    entries += [_Entry(1, value, None) for value in readings.strays]
    if not entries:
        return Fault("did not receive metrics for targeted pods (pods might be unready)")
    if readings.missing_request is not None:
        return Fault(readings.missing_request)
    seen = rule.measure(entries)
    if isinstance(seen, Fault):
        return seen
    ratio, average, percent = seen
    if groups.missing or (groups.unready and ratio > 1.0):
        replicas = _corrected(rule, groups, entries, ratio, current, tolerance)
    elif tolerance.holds(ratio):
        replicas = current
    else:
        replicas = ceil32(ratio * sum(pods.count for pods, _, _ in groups.ready))
    return Proposal(replicas, average, percent)


def _corrected(
    rule: _Utilization | _Average,
    groups: Grouping,
    entries: list[_Entry],
    before: float,
    current: int,
    tolerance: Tolerance,
) -> int:
    """The replicas after what is not known was assumed to speak against the move."""
    if before < 1.0:
        entries += [
            _Entry(each.pods.count, rule.assume(each), each.request) for each in groups.missing
        ]
    elif before > 1.0:
        absent = [*groups.missing, *groups.unready]
        entries += [_Entry(each.pods.count, 0, each.request) for each in absent]
    seen = rule.measure(entries)
    if isinstance(seen, Fault):
        return 0
    ratio = seen.ratio
    if tolerance.holds(ratio) or (before < 1.0 < ratio) or (ratio < 1.0 < before):
        return current
    replicas = ceil32(ratio * sum(entry.pods for entry in entries))
    against = replicas > current if ratio < 1.0 else replicas < current
    return current if ratio != 1.0 and against else replicas
