"""What a sync decides, and the reason it gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from toolkit.kubernetes.autoscaling.proposals import MetricFault, Proposal
from toolkit.kubernetes.autoscaling.spec import Spec
from toolkit.kubernetes.autoscaling.status import describe


class Decision(NamedTuple):
    """How many replicas, and what led from what the metrics want to it."""

    replicas: int
    forced: str = ""
    """Why no metric was asked: the reason that is given, empty if scaling is disabled."""
    wanted: int | None = None
    """What the metrics want, before windows and limits; None if none was asked."""
    stabilized: int | None = None
    """What was left of that after the windows."""
    able: str = ""
    """Reason of the condition AbleToScale."""
    limited: str = ""
    """Reason of the condition ScalingLimited."""

    @property
    def is_limited(self) -> bool:
        """Status of the condition ScalingLimited."""
        return self.replicas != self.stabilized


Choice = tuple[int, int | None, bool]
"""The highest proposal of several metrics, some of which may have been invalid.

The replicas, the metric's place in the spec (None if none is valid), and whether nothing may be
done: none is valid, or some are not and it would go down.
"""


def force(spec: Spec, current: int) -> Decision | None:
    """The decision that needs no metrics: disabled, above the maximum, below the minimum.

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
    """Take the highest proposal."""
    replicas, metric, invalid = 0, None, 0
    for place, each in enumerate(found):
        if isinstance(each, MetricFault):
            invalid += 1
        elif replicas == 0 or each.replicas > replicas:
            replicas, metric = each.replicas, place
    return replicas, metric, invalid > 0 and (metric is None or replicas < current)


def rescale_reason(spec: Spec, current: int, decision: Decision, metric: int | None) -> str:
    """What the event of a rescale gives as reason; ``metric`` is the place of the winner.

    It speaks of the raw proposal, and so may mislead: what moves the replicas may be an older
    proposal that the window kept, and then the reason may be empty, or the wrong way round.
    """
    if decision.wanted is None:
        return decision.forced
    if decision.wanted > current and metric is not None:
        return f"{describe(spec.metrics[metric])} above target"
    return "All metrics below target" if decision.wanted < current else ""
