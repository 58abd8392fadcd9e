"""The decision of a sync, and its reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from toolkit.kubernetes.autoscaling.proposals import MetricFault, Proposal
from toolkit.kubernetes.autoscaling.spec import Spec
from toolkit.kubernetes.autoscaling.status import describe


class Decision(NamedTuple):
    """The number of replicas, and the steps from the metrics to it."""

    replicas: int
    forced: str = ""
    """The reason without any metric; empty if scaling is disabled."""
    wanted: int | None = None
    """The replicas by the metrics, before windows and limits; None if none was evaluated."""
    stabilized: int | None = None
    """The replicas after the windows."""
    able: str = ""
    """Reason of the condition AbleToScale."""
    limited: str = ""
    """Reason of the condition ScalingLimited."""

    @property
    def is_limited(self) -> bool:
        """Status of the condition ScalingLimited."""
        return self.replicas != self.stabilized


Choice = tuple[int, int | None, bool]
"""The highest proposal of several metrics, some of which may be invalid.

The replicas, the metric's index in the spec (None if none is valid), and True if nothing may be
done: none is valid, or some are invalid and it would scale in.
"""


def force(spec: Spec, current: int) -> Decision | None:
    """Return the decision that needs no metrics: disabled, above the maximum, below the minimum.

    It ignores windows and rate limits.
    """
    if current == 0 and spec.minimum != 0:
        return Decision(0)
    if current > spec.maximum:
        return Decision(spec.maximum, "Current number of replicas above Spec.MaxReplicas")
    if current < spec.minimum:
        return Decision(spec.minimum, "Current number of replicas below Spec.MinReplicas")
    return None


def choose(found: Sequence[Proposal | MetricFault], current: int) -> Choice:
    """Return the highest proposal."""
    replicas, metric, invalid = 0, None, 0
    for place, each in enumerate(found):
        if isinstance(each, MetricFault):
            invalid += 1
        elif replicas == 0 or each.replicas > replicas:
            replicas, metric = each.replicas, place
    return replicas, metric, invalid > 0 and (metric is None or replicas < current)


def rescale_reason(spec: Spec, current: int, decision: Decision, metric: int | None) -> str:
    """Return the reason in the event of a rescale.

    It refers to the raw proposal, and may mislead: if an older proposal in the window determines
    the replicas, the reason may be empty or of the opposite direction.

    Args:
        spec: The autoscaler.
        current: The replicas before.
        decision: The decision.
        metric: The index of the metric with the highest proposal.
    """
    if decision.wanted is None:
        return decision.forced
    if decision.wanted > current and metric is not None:
        return f"{describe(spec.metrics[metric])} above target"
    return "All metrics below target" if decision.wanted < current else ""
