"""The proposal of one entry of ``metrics``, or its fault in the controller's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from toolkit.kubernetes.autoscaling import int64
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
    """The replicas by a metric, and its value."""

    replicas: int
    value: int
    """Thousandths: the average of the pods, or the value of the object."""
    utilization: int | None = None
    """Per cent of the requests, if the target is one."""
    corrected: bool = False
    """True if unready or unmeasured pods were assumed to oppose the change."""

    @property
    def measured(self) -> int:
        """The value in the unit of the target."""
        return self.value if self.utilization is None else self.utilization


@dataclass(frozen=True, slots=True)
class MetricFault:
    """The reason for a missing proposal, in the controller's words."""

    text: str


class TargetRule(NamedTuple):
    """Compares a metric of the pods with its target."""

    target: int
    cpu: bool
    """True if the readiness of the pods matters."""
    utilization: bool
    """True if the target is per cent of the requests, else a value per pod in thousandths."""

    def measure(self, pods: int, usage: int, requests: int, strays: Sequence[int]) -> Measured:
        """Return the measurement; per cent and thousandths are whole, so that 55.9 is 55.

        Args:
            pods: Number of pods.
            usage: Their usage, in thousandths.
            requests: Their requests, in thousandths.
            strays: Values of pods that the selector does not match. They have no requests, and
                are left out of a utilization; else they count like other pods.
        """
        if self.utilization:
            if requests == 0:
                return None
            used = int64.quotient(int64.wrap64(usage * 100), int64.wrap64(requests))
            percent = int64.wrap32(used)
            return percent / self.target, int64.quotient(int64.wrap64(usage), pods), percent
        # A metric outlives its pod by a moment, and the controller does not check for that.
        if strays:
            pods, usage = pods + len(strays), usage + sum(strays)
        average = int64.quotient(int64.wrap64(usage), pods)
        return average / self.target, average, None

    def assume(self, request: int) -> int:
        """Return the assumed usage of a missing pod, before others are removed."""
        if not self.utilization:
            return self.target
        return int64.quotient(int64.wrap64(request * max(100, self.target)), 100)


Measured = tuple[float, int, int | None] | None
"""Ratio of usage to target, average usage of a pod, per cent; None without pods."""


def rule_of(metric: Metric) -> TargetRule:
    """Return the rule that compares a metric of the pods with its target."""
    return TargetRule(metric.target.number, metric.cpu, metric.target.type == "Utilization")


def propose_pods(
    rule: TargetRule,
    readings: Sequence[PodReading],
    current: int,
    now: int,
    flags: Flags,
    tolerance: Tolerance,
    gaps: Gaps = NO_GAPS,
) -> Proposal | MetricFault:
    """Return the proposal of a Resource, ContainerResource or Pods metric.

    Args:
        rule: The comparison with the target.
        readings: The values of the pods.
        current: The replicas of the scale target.
        now: The time of the sync, in milliseconds.
        flags: The controller's flags.
        tolerance: The ratios that change nothing.
        gaps: Mismatches between pods and metrics.
    """
    strays, missing_request = gaps
    ready, unready, missing = tally(readings, rule.assume, now, flags, cpu=rule.cpu)
    pods, usage, requests = ready
    # In this order: a missing request is no fault as long as nothing is measured.
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
        # Of the ready pods, not of the current number: starting pods are left out,
        # so that a ratio just below the tolerance can remove one of them.
        replicas = int64.ceil32(ratio * pods)
    return Proposal(replicas, average, percent, corrected)


def _assumed(ratio: float, ready: Sums, unready: Sums, missing: Sums) -> Sums:
    """Return the sums with unknown pods assumed to oppose the change."""
    pods, usage, requests = ready
    if ratio < 1.0:
        return pods + missing[0], usage + missing[1], requests + missing[2]
    if ratio > 1.0:
        return pods + missing[0] + unready[0], usage, requests + missing[2] + unready[2]
    return ready


def _corrected(
    rule: TargetRule,
    assumed: Sums,
    strays: Sequence[int],
    before: float,
    current: int,
    tolerance: Tolerance,
) -> int:
    """Return the replicas by the corrected ratio, unless it reverses or cancels the change."""
    measured = rule.measure(*assumed, strays)
    ratio = before if measured is None else measured[0]
    if tolerance.holds(ratio) or (before < 1.0 < ratio) or (ratio < 1.0 < before):
        return current
    replicas = int64.ceil32(ratio * (assumed[0] + len(strays)))
    # The count is of all entries, so its direction may differ from that of the ratio.
    against = replicas > current if ratio < 1.0 else replicas < current
    return current if ratio != 1.0 and against else replicas


def propose_total(
    metric: Metric, values: Sequence[int], scale: Scale, serving: int | None, tolerance: Tolerance
) -> Proposal | MetricFault:
    """Return the proposal of an Object or External metric.

    Args:
        metric: The metric.
        values: Its values in thousandths; several for External metrics only.
        scale: The scale target.
        serving: Number of ready pods; None if the selector matches none.
        tolerance: The ratios that change nothing.
    """
    target, status = metric.target.number, scale.status_replicas
    if metric.target.type == "AverageValue":
        if metric.source == "External":
            return propose_sum_share(values, target, status, tolerance)
        return propose_share(sum(values), target, status, tolerance)
    return propose_value(int64.wrap64(sum(values)), target, scale.replicas, serving, tolerance)


def propose_value(
    value: int, target: int, current: int, serving: int | None, tolerance: Tolerance
) -> Proposal | MetricFault:
    """Return the proposal for a target ``value``: the ratio times the ready pods.

    Without replicas the ratio itself is the proposal, and no tolerance applies.

    Args:
        value: The value of the metric, in thousandths.
        target: Its target, in thousandths.
        current: The replicas of the scale target.
        serving: Number of ready pods; None if the selector matches none.
        tolerance: The ratios that change nothing.
    """
    ratio = value / target
    if current == 0:
        return Proposal(int64.ceil32(ratio), value)
    if tolerance.holds(ratio):
        return Proposal(current, value)
    if serving is None:
        return MetricFault(
            "unable to calculate ready pods: no pods returned by selector while calculating "
            "replica count"
        )
    return Proposal(int64.ceil32(ratio * serving), value)


def propose_share(value: int, target: int, status_replicas: int, tolerance: Tolerance) -> Proposal:
    """Return the proposal for a target ``averageValue``: replicas that share the value.

    The tolerance applies to the replicas in the status of the scale target, not its spec.

    Args:
        value: The value of the metric, in thousandths.
        target: Its target per replica, in thousandths.
        status_replicas: The replicas in the status of the scale target.
        tolerance: The ratios that change nothing.
    """
    # Status and spec differ while pods are created or removed, and so does the tolerance.
    replicas = status_replicas
    shared = float(target) * status_replicas
    if not (shared and tolerance.holds(value / shared)):
        replicas = int64.ceil32(value / target)
    return Proposal(replicas, _per_pod(value, status_replicas))


def propose_sum_share(
    values: Sequence[int], target: int, status_replicas: int, tolerance: Tolerance
) -> Proposal:
    """Return `propose_share` of the sum of all series; a negative sum is an overflow.

    Args:
        values: The values of the series, in thousandths.
        target: Their target per replica, in thousandths.
        status_replicas: The replicas in the status of the scale target.
        tolerance: The ratios that change nothing.
    """
    total = 0
    for value in values:
        total = int64.wrap64(total + value)
        if total < 0:
            return Proposal(int64.MOST_32, int64.MOST_64)
    return propose_share(total, target, status_replicas, tolerance)


def _per_pod(value: int, replicas: int) -> int:
    return int64.ceil64(value / replicas) if replicas else int64.ceil64(float("inf"))


def evaluate(
    metric: Metric,
    answer: MetricAnswer,
    scale: Scale,
    observation: Observation,
    flags: Flags,
    tolerance: Tolerance,
    namespace: str = "default",
) -> Proposal | MetricFault:
    """Return the proposal of a metric.

    Args:
        metric: The entry of ``metrics``.
        answer: The response of its own API.
        scale: The scale target.
        observation: All input of the sync.
        flags: The controller's flags.
        tolerance: The ratios that change nothing.
        namespace: The namespace of the autoscaler.
    """
    fault = _unavailable(metric, answer, observation, namespace)
    if fault is not None:
        return MetricFault(fault)
    if metric.source in ("Object", "External"):
        return propose_total(metric, answer.values, scale, observation.serving, tolerance)
    # After the API, whose failure is reported first.
    if not observation.pods:
        return MetricFault("no pods returned by selector while calculating replica count")
    readings, gaps = read_pods(metric, observation)
    rule, current = rule_of(metric), scale.replicas
    return propose_pods(rule, readings, current, observation.now, flags, tolerance, gaps)


def _unavailable(
    metric: Metric, answer: MetricAnswer, observation: Observation, namespace: str
) -> str | None:
    """Return the reason for a missing value of a metric, or None."""
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
    """Return True if an API returned anything of any pod."""
    return bool(observation.strays) or any(each.metrics for each in observation.pods)
