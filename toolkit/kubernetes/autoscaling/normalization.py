"""From the number that the metrics want to the number that is set: windows, limits, ends."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from toolkit.kubernetes.autoscaling.flags import Flags
from toolkit.kubernetes.autoscaling.limits import limit
from toolkit.kubernetes.autoscaling.memory import Memory, remember_change
from toolkit.kubernetes.autoscaling.spec import Spec
from toolkit.kubernetes.autoscaling.stabilization import stabilize

__all__ = ["Normalized", "normalize", "remember_rescale"]


class Normalized(NamedTuple):
    """A proposal after windows and limits."""

    replicas: int
    stabilized: int
    """What was left of the proposal after the windows."""
    able: str
    """Reason of the condition AbleToScale."""
    limited: str
    """Reason of the condition ScalingLimited."""
    memory: Memory

    @property
    def is_limited(self) -> bool:
        """Status of the condition ScalingLimited."""
        return self.replicas != self.stabilized


def normalize(
    spec: Spec, flags: Flags, memory: Memory, now: int, current: int, proposed: int
) -> Normalized:
    """Stabilize, then limit the rate, then keep to the minimum and maximum."""
    stable, able, kept = stabilize(memory, spec.behavior, flags, now, current, proposed)
    replicas, limited = limit(spec, kept, now, current, stable)
    return Normalized(replicas, stable, able, limited, kept)


def remember_rescale(memory: Memory, spec: Spec, now: int, current: int, replicas: int) -> Memory:
    """Store that replicas were set, forced moves included; without ``behavior`` nothing is."""
    if spec.behavior is None or replicas == current:
        return memory
    if replicas > current:
        period = spec.behavior.up.longest_period
        return replace(memory, ups=remember_change(memory.ups, now, replicas - current, period))
    period = spec.behavior.down.longest_period
    return replace(memory, downs=remember_change(memory.downs, now, current - replicas, period))
