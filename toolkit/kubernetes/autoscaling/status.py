"""Conditions, events and status of an autoscaler, in the controller's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from toolkit.kubernetes.autoscaling.proposals import Proposal
from toolkit.kubernetes.autoscaling.spec import Metric

STANDARD = {
    "ReadyForNewScale": "recommended size matches current size",
    "DesiredWithinRange": "the desired count is within the acceptable range",
    "TooManyReplicas": "the desired replica count is more than the maximum replica count",
    "TooFewReplicas": "the desired replica count is less than the minimum replica count",
    "ScaleUpLimit": ("the desired replica count is increasing faster than the maximum scale rate"),
    "ScaleDownLimit": (
        "the desired replica count is decreasing faster than the maximum scale rate"
    ),
    "ScaleDownStabilized": (
        "recent recommendations were higher than current one, applying the highest recent "
        "recommendation"
    ),
    "ScaleUpStabilized": (
        "recent recommendations were lower than current one, applying the lowest recent "
        "recommendation"
    ),
    "SucceededGetScale": "the HPA controller was able to get the target's current scale",
    "ScalingDisabled": "scaling is disabled since the replica count of the target is zero",
    "InvalidSelector": "the HPA target's scale is missing a selector",
}
"""The messages for the reasons of conditions."""


class FailedMetric(NamedTuple):
    """A metric without a proposal, in the words of an event and of an error."""

    reason: str
    event: str
    error: str


def describe(metric: Metric) -> str:
    """Return the name of a metric in events and conditions.

    The average of an object's metric is called external: that is the real text.
    """
    match metric.source, metric.target.type:
        case "Resource", "Utilization":
            return f"{metric.name} resource utilization (percentage of request)"
        case "ContainerResource", "Utilization":
            return f"{metric.name} container resource utilization (percentage of request)"
        case "Resource" | "ContainerResource", _:
            return f"{metric.name} resource"
        case "Pods", _:
            return f"pods metric {metric.name}"
        case "Object", "Value" if metric.described is not None:
            return f"{metric.described.kind} metric {metric.name}"
        case _:
            return f"external metric {metric.name}({metric.selector})"


def failed(metric: Metric, fault: str) -> FailedMetric:
    """Return the texts for a metric with a fault."""
    name, average = metric.name, metric.target.type == "AverageValue"
    match metric.source:
        case "Resource" | "ContainerResource":
            subject = metric.container or f"{name} resource"
            kind = f"{metric.container} container" if metric.container else subject
            event = f"failed to get {name} {'usage' if average else 'utilization'}: {fault}"
            error = f"failed to get {kind} metric value: {event}"
        case "Pods":
            event, error = fault, f"failed to get pods metric value: {fault}"
        case "Object":
            inner = f"failed to get {name} object metric: " if average else ""
            event, error = fault, f"failed to get object metric value: {inner}{fault}"
        case _:
            subject = f"{name} external metric" if average else f"external metric {name}"
            event = fault
            error = f"failed to get {name} external metric value: failed to get {subject}: {fault}"
    return FailedMetric(f"FailedGet{metric.source}Metric", event, error)


class Condition(NamedTuple):
    """One of AbleToScale, ScalingActive, ScalingLimited."""

    holds: bool
    reason: str
    message: str
    since: int
    """When it last changed between true and false, in milliseconds."""


Conditions = Mapping[str, Condition]


class AutoscalerEvent(NamedTuple):
    """An entry of ``kubectl describe``."""

    type: str
    """``Normal`` or ``Warning``."""
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class AutoscalerStatus:
    """The ``status`` of a HorizontalPodAutoscaler."""

    current_replicas: int = 0
    desired_replicas: int = 0
    last_scale: int | None = None
    metrics: tuple[Proposal | None, ...] = ()
    """One for each entry of the spec's metrics, None for a metric with a fault; may be empty."""
    conditions: Conditions = field(default_factory=dict)

    def with_condition(
        self, type_: str, holds: bool, reason: str, now: int, message: str | None = None
    ) -> AutoscalerStatus:
        """Return the status with one condition set; its time changes only with its status.

        Args:
            type_: Such as ``AbleToScale``.
            holds: Its status.
            reason: Its reason.
            now: The time, in milliseconds.
            message: Its message; default: that of the reason.
        """
        before = self.conditions.get(type_)
        since = before.since if before is not None and before.holds == holds else now
        text = STANDARD[reason] if message is None else message
        condition = Condition(holds, reason, text, since)
        return replace(self, conditions={**self.conditions, type_: condition})
