"""The stabilization window: what was proposed lately holds back what is proposed now."""

from __future__ import annotations

from typing import NamedTuple

from toolkit.kubernetes.autoscaling.flags import Flags
from toolkit.kubernetes.autoscaling.memory import Memory, remember_recommendation
from toolkit.kubernetes.autoscaling.spec import Behavior

__all__ = ["Stabilized", "stabilize"]


class Stabilized(NamedTuple):
    """A proposal after the windows."""

    replicas: int
    reason: str
    """Of the condition AbleToScale."""
    memory: Memory


def stabilize(
    memory: Memory, behavior: Behavior | None, flags: Flags, now: int, current: int, proposed: int
) -> Stabilized:
    """Hold a proposal against recent ones, and remember it as it came.

    Without ``behavior`` there is one window, for going down, and its edge belongs to it. With
    it there is one for each direction, their edges do not belong to them, and the current
    number is moved no further than both allow.
    """
    if behavior is None:
        replicas, stale_before = _highest(memory, flags, now, proposed)
    else:
        replicas, stale_before = _between(memory, behavior, flags, now, current, proposed)
    reason = "ReadyForNewScale"
    if replicas != proposed:
        up = behavior is not None and proposed >= current
        reason = "ScaleUpStabilized" if up else "ScaleDownStabilized"
    kept = remember_recommendation(memory, now, proposed, stale_before)
    return Stabilized(replicas, reason, kept)


def _highest(memory: Memory, flags: Flags, now: int, proposed: int) -> tuple[int, int]:
    edge = now - flags.downscale_stabilization
    recent = [replicas for at, replicas in memory.recommendations if at >= edge]
    return max(recent, default=proposed) if recent and max(recent) > proposed else proposed, edge


def _between(
    memory: Memory, behavior: Behavior, flags: Flags, now: int, current: int, proposed: int
) -> tuple[int, int]:
    up_edge = now - (behavior.up.window or 0)
    down = behavior.down.window
    down_edge = now - (flags.downscale_stabilization if down is None else down)
    past = memory.recommendations
    lowest = min([proposed, *(replicas for at, replicas in past if at > up_edge)])
    highest = max([proposed, *(replicas for at, replicas in past if at > down_edge)])
    return min(max(current, lowest), highest), min(up_edge, down_edge)
