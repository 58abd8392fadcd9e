"""One entry of ``metrics`` becomes a proposal, or a fault in the controller's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from toolkit.kubernetes.autoscaling.int64 import (
    MOST_32,
    MOST_64,
    ceil32,
    ceil64,
    quotient,
    wrap32,
    wrap64,
)
from toolkit.kubernetes.autoscaling.observation import MetricAnswer, Observation, Scale
from toolkit.kubernetes.autoscaling.readings import (
    NO_GAPS,
    Gaps,
    PodReading,
    Sums,
    read_pods,
    tally,
)
from toolkit.kubernetes.autoscaling.spec import Flags, Metric, Tolerance


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
class MetricFault:
    """Why a metric proposes nothing, in the controller's words."""

    text: str


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


def propose_pods(
    rule: Rule,
    readings: Sequence[PodReading],
    current: int,
    now: int,
    flags: Flags,
    tolerance: Tolerance,
    gaps: Gaps = NO_GAPS,
) -> Proposal | MetricFault:
    """What a Resource, ContainerResource or Pods metric proposes for ``current`` replicas."""
    strays, missing_request = gaps
    ready, unready, missing = tally(readings, rule.assume, now, flags, cpu=rule.cpu)
    pods, usage, requests = ready
    # In this order: a missing request is no fault while nothing was measured at all.
    if not (pods or strays):
        return MetricFault("did not receive metrics for targeted pods (pods might be unready)")
    if missing_request is not None:
        return MetricFault(missing_request)
    measured = rule.measure(pods, usage, requests, strays)
    if measured is None:
        return MetricFault("no metrics returned matched known pods")
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


def propose_total(
    metric: Metric, values: Sequence[int], scale: Scale, serving: int | None, tolerance: Tolerance
) -> Proposal | MetricFault:
    """What an Object or External metric proposes; only the latter has several values.

    ``serving`` is how many pods run and are ready, None if the selector finds none at all.
    """
    target, status = metric.target.number, scale.status_replicas
    if metric.target.type == "AverageValue":
        if metric.source == "External":
            return propose_sum_share(values, target, status, tolerance)
        return propose_share(sum(values), target, status, tolerance)
    return propose_value(wrap64(sum(values)), target, scale.replicas, serving, tolerance)


def propose_value(
    value: int, target: int, current: int, serving: int | None, tolerance: Tolerance
) -> Proposal | MetricFault:
    """What a target ``value`` proposes: the ratio times the pods that run and are ready.

    Without replicas the ratio itself is the proposal, and no tolerance holds.
    """
    ratio = value / target
    if current == 0:
        return Proposal(ceil32(ratio), value)
    if tolerance.holds(ratio):
        return Proposal(current, value)
    if serving is None:
        return MetricFault(
            "unable to calculate ready pods: no pods returned by selector while calculating "
            "replica count"
        )
    return Proposal(ceil32(ratio * serving), value)


def propose_share(value: int, target: int, status_replicas: int, tolerance: Tolerance) -> Proposal:
    """What a target ``averageValue`` proposes: as many replicas as share the value evenly.

    The tolerance is that of the replicas in the status of the scale target, not its spec.
    """
    # Status and spec differ while pods come and go, and then so does the tolerance.
    replicas = status_replicas
    shared = float(target) * status_replicas
    if not (shared and tolerance.holds(value / shared)):
        replicas = ceil32(value / target)
    return Proposal(replicas, _per_pod(value, status_replicas))


def propose_sum_share(
    values: Sequence[int], target: int, status_replicas: int, tolerance: Tolerance
) -> Proposal:
    """`propose_share` of the sum of all series; a sum that turns negative is an overflow."""
    total = 0
    for value in values:
        total = wrap64(total + value)
        if total < 0:
            return Proposal(MOST_32, MOST_64)
    return propose_share(total, target, status_replicas, tolerance)


def _per_pod(value: int, replicas: int) -> int:
    return ceil64(value / replicas) if replicas else ceil64(float("inf"))


def evaluate(
    metric: Metric,
    answer: MetricAnswer,
    scale: Scale,
    observation: Observation,
    flags: Flags,
    tolerance: Tolerance,
    namespace: str = "default",
) -> Proposal | MetricFault:
    """What a metric proposes for ``scale``; ``answer`` is what its own API returned."""
    fault = _unavailable(metric, answer, observation, namespace)
    if fault is not None:
        return MetricFault(fault)
    if metric.source in ("Object", "External"):
        return propose_total(metric, answer.values, scale, observation.serving, tolerance)
    # Asked after the API was: its failure is told first.
    if not observation.pods:
        return MetricFault("no pods returned by selector while calculating replica count")
    readings, gaps = read_pods(metric, observation)
    rule, current = rule_of(metric), scale.replicas
    return propose_pods(rule, readings, current, observation.now, flags, tolerance, gaps)


def _unavailable(
    metric: Metric, answer: MetricAnswer, observation: Observation, namespace: str
) -> str | None:
    """Why the API has nothing of a metric, or None."""
    match metric.source:
        case "Resource" | "ContainerResource":
            error, api = observation.resource_error, "resource"
            subject = f"unable to get metrics for resource {metric.name}: "
            empty = not _returned(observation)
        case "Pods":
            error, api, subject = answer.error, "custom", f"unable to get metric {metric.name}: "
            empty = not _returned(observation)
        case "Object":
            error, api, empty = answer.error, "custom", False
            described = metric.described
            place = f"{described.kind} on {namespace} {described.name}" if described else ""
            subject = f"unable to get metric {metric.name}: {place}/"
        case _:
            error, api, empty = answer.error, "external", not answer.values
            subject = (
                f"unable to get external metric {namespace}/{metric.name}/{metric.selector}: "
            )
    if error is not None:
        return f"{subject}unable to fetch metrics from {api} metrics API: {error}"
    return f"{subject}no metrics returned from {api} metrics API" if empty else None


def _returned(observation: Observation) -> bool:
    """Whether an API returned anything of any pod."""
    return bool(observation.strays) or any(each.metrics for each in observation.pods)
