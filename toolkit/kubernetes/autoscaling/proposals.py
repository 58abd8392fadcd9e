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
from toolkit.kubernetes.autoscaling.readiness import Reading, Sums, tally
from toolkit.kubernetes.autoscaling.spec import Metric


class Proposal(NamedTuple):
    """How many replicas a metric wants, and what it was seen to be."""

    replicas: int
    value: int
    """Thousandths: the average of the pods, or the value of the object."""
    utilization: int | None = None
    """Per cent of the requests, where the target is one."""
    corrected: bool = False
    """Whether pods that are unready or not measured were assumed to speak against the move."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a metric proposes nothing, in the controller's words."""

    text: str


class Gaps(NamedTuple):
    """What does not fit together of the pods and the metrics of a metric."""

    strays: Sequence[int] = ()
    """Values of pods that the selector does not find: they are counted all the same."""
    missing_request: str | None = None
    """The fault of the first container without the request that the metric needs."""


class UtilizationRule(NamedTuple):
    """Measures against the requests; per cent are whole, so that 55.9 is 55."""

    target: int
    cpu: bool
    """Whether the readiness of the pods matters."""

    def measure(self, pods: int, usage: int, requests: int, strays: Sequence[int]) -> Measured:
        """Strays request nothing and so have no part in it."""
        if requests == 0:
            return None
        percent = wrap32(quotient(wrap64(usage * 100), wrap64(requests)))
        return percent / self.target, quotient(wrap64(usage), pods), percent

    def assume(self, request: int) -> int:
        """What a missing pod is taken to use before others are removed."""
        return quotient(wrap64(request * max(100, self.target)), 100)


class AverageRule(NamedTuple):
    """Measures against a value per pod, cut to whole thousandths."""

    target: int
    cpu: bool
    """Whether the readiness of the pods matters."""

    def measure(self, pods: int, usage: int, requests: int, strays: Sequence[int]) -> Measured:
        """Strays count like other pods."""
        # A metric outlives its pod by a moment, and the controller does not look who is gone.
        if strays:
            pods, usage = pods + len(strays), usage + sum(strays)
        average = quotient(wrap64(usage), pods)
        return average / self.target, average, None

    def assume(self, request: int) -> int:
        """What a missing pod is taken to use before others are removed."""
        return self.target


Rule = UtilizationRule | AverageRule
Measured = tuple[float, int, int | None] | None
"""Ratio of usage to target, average usage of a pod, per cent; None if no pod is known."""


def rule_of(metric: Metric) -> Rule:
    """How a metric of the pods is held to its target."""
    utilization = metric.target.type == "Utilization"
    return (UtilizationRule if utilization else AverageRule)(metric.target.number, metric.cpu)


NO_GAPS = Gaps()


def propose_pods(
    rule: Rule,
    readings: Sequence[Reading],
    current: int,
    now: int,
    flags: Flags,
    tolerance: Tolerance,
    gaps: Gaps = NO_GAPS,
) -> Proposal | Fault:
    """What a Resource, ContainerResource or Pods metric proposes for ``current`` replicas."""
    strays, missing_request = gaps
    ready, unready, missing = tally(readings, rule.assume, now, flags, cpu=rule.cpu)
    pods, usage, requests = ready
    # In this order: a missing request is no fault while nothing was measured at all.
    if not (pods or strays):
        return Fault("did not receive metrics for targeted pods (pods might be unready)")
    if missing_request is not None:
        return Fault(missing_request)
    measured = rule.measure(pods, usage, requests, strays)
    if measured is None:
        return Fault("no metrics returned matched known pods")
    ratio, average, percent = measured
    corrected = bool(missing[0] or (ratio > 1.0 and unready[0]))
    if corrected:
        assumed = _assumed(ratio, ready, unready, missing)
        replicas = _corrected(rule, assumed, strays, ratio, current, tolerance)
    elif tolerance.lowest <= ratio <= tolerance.highest:
        replicas = current
    else:
        # Of the pods that are ready, not of the current number: pods that start are left out,
        # so that a ratio just below the tolerance can remove one of them.
        replicas = ceil32(ratio * pods)
    return Proposal(replicas, average, percent, corrected)


def _assumed(ratio: float, ready: Sums, unready: Sums, missing: Sums) -> Sums:
    """The sums with what is not known assumed to speak against the move."""
    pods, usage, requests = ready
    if ratio < 1.0:
        return pods + missing[0], usage + missing[1], requests + missing[2]
    if ratio > 1.0:
        return pods + missing[0] + unready[0], usage, requests + missing[2] + unready[2]
    return ready


def _corrected(
    rule: Rule,
    assumed: Sums,
    strays: Sequence[int],
    before: float,
    current: int,
    tolerance: Tolerance,
) -> int:
    """The replicas by the corrected ratio, unless it turns the move round or makes it none."""
    measured = rule.measure(*assumed, strays)
    ratio = before if measured is None else measured[0]
    if tolerance.holds(ratio) or (before < 1.0 < ratio) or (ratio < 1.0 < before):
        return current
    replicas = ceil32(ratio * (assumed[0] + len(strays)))
    # The count is of all entries, so it may lead the other way than the ratio.
    against = replicas > current if ratio < 1.0 else replicas < current
    return current if ratio != 1.0 and against else replicas
