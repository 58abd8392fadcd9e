"""What the controller tells of an autoscaler: conditions, events, and its status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from toolkit.kubernetes.autoscaling.proposals import Proposal
from toolkit.kubernetes.autoscaling.wording import STANDARD


class Condition(NamedTuple):
    """One of AbleToScale, ScalingActive, ScalingLimited."""

    holds: bool
    reason: str
    message: str
    since: int
    """When it last changed between true and false, in milliseconds."""


Conditions = Mapping[str, Condition]


class Event(NamedTuple):
    """What ``kubectl describe`` lists."""

    type: str
    """``Normal`` or ``Warning``."""
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Status:
    """The ``status`` of a HorizontalPodAutoscaler."""

    current_replicas: int = 0
    desired_replicas: int = 0
    last_scale: int | None = None
    metrics: tuple[Proposal | None, ...] = ()
    """One for each entry of the spec's metrics, None for a metric with a fault; may be empty."""
    conditions: Conditions = field(default_factory=dict)

    def with_condition(
        self, type_: str, holds: bool, reason: str, now: int, message: str | None = None
    ) -> Status:
        """The status with one condition set; without a message the reason has its own."""
        conditions = with_condition(self.conditions, type_, holds, reason, now, message)
        return replace(self, conditions=conditions)


def with_condition(
    conditions: Conditions,
    type_: str,
    holds: bool,
    reason: str,
    now: int,
    message: str | None = None,
) -> Conditions:
    """Set one condition; it keeps its time as long as it keeps its side."""
    before = conditions.get(type_)
    since = before.since if before is not None and before.holds == holds else now
    text = STANDARD[reason] if message is None else message
    return {**conditions, type_: Condition(holds, reason, text, since)}
