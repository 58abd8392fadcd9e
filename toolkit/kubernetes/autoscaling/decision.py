"""One sync's decision: how many replicas, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from toolkit.kubernetes.autoscaling.flags import Flags
from toolkit.kubernetes.autoscaling.memory import Memory, Recommendation
from toolkit.kubernetes.autoscaling.normalization import Normalized, normalize
from toolkit.kubernetes.autoscaling.proposals import Fault, Proposal
from toolkit.kubernetes.autoscaling.spec import Spec
from toolkit.kubernetes.autoscaling.wording import describe

__all__ = ["Choice", "Decision", "choose", "decide", "force", "with_first_recommendation"]


class Decision(NamedTuple):
    """What a sync decided."""

    replicas: int
    reason: str
    """What the event of a rescale gives as reason; it may mislead."""
    wanted: int | None = None
    """What the metrics want, before windows and limits; None if none was asked."""
    normalized: Normalized | None = None
    """How that was held and limited."""


class Choice(NamedTuple):
    """The highest proposal of several metrics; several may have been invalid."""

    replicas: int
    metric: int | None
    """Its place in the spec; None if none is valid."""
    invalid: tuple[int, ...]
    """The places of metrics without a proposal."""
    blocked: bool
    """Whether nothing may be done: none is valid, or some are not and it would go down."""


def with_first_recommendation(memory: Memory, now: int, current: int) -> Memory:
    """Store the current number if nothing was ever recommended.

    So nothing goes down for a full window after the controller starts.
    """
    if memory.recommendations:
        return memory
    return Memory((Recommendation(now, current),), memory.ups, memory.downs)


def force(spec: Spec, current: int) -> Decision | None:
    """The decision that needs no metrics: disabled, above the maximum, below the minimum.

    It ignores windows and rate limits.
    """
    if current == 0 and spec.minimum != 0:
        return Decision(0, "")
    if current > spec.maximum:
        return Decision(spec.maximum, "Current number of replicas above Spec.MaxReplicas")
    if current < spec.minimum:
        return Decision(spec.minimum, "Current number of replicas below Spec.MinReplicas")
    return None


def choose(found: Sequence[Proposal | Fault], current: int) -> Choice:
    """Take the highest proposal."""
    replicas, metric = 0, None
    invalid = []
    for place, each in enumerate(found):
        if isinstance(each, Fault):
            invalid.append(place)
        elif replicas == 0 or each.replicas > replicas:
            replicas, metric = each.replicas, place
    blocked = len(invalid) >= len(found) or (bool(invalid) and replicas < current)
    return Choice(replicas, metric, tuple(invalid), blocked)


def decide(
    spec: Spec, flags: Flags, memory: Memory, now: int, current: int, choice: Choice
) -> Decision:
    """Normalize what the metrics want; the reason is that of the raw proposal."""
    wanted = max(choice.replicas, 0)
    normalized = normalize(spec, flags, memory, now, current, wanted)
    reason = ""
    if wanted > current and choice.metric is not None:
        reason = f"{describe(spec.metrics[choice.metric])} above target"
    elif wanted < current:
        reason = "All metrics below target"
    return Decision(normalized.replicas, reason, wanted, normalized)
