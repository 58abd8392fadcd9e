"""The stabilization window: what was proposed lately holds back what is proposed now."""

from __future__ import annotations

from toolkit.kubernetes.autoscaling.flags import Flags
from toolkit.kubernetes.autoscaling.memory import Memory, remember_recommendation
from toolkit.kubernetes.autoscaling.spec import Behavior

Stabilized = tuple[int, str, Memory]
"""A proposal after the windows, the reason of AbleToScale, and what is remembered then."""


def stabilize(
    memory: Memory, behavior: Behavior | None, flags: Flags, now: int, current: int, proposed: int
) -> Stabilized:
    """Hold a proposal against recent ones, and remember it as it came.

    Without ``behavior`` there is one window, for going down, and its edge belongs to it. With
    it there is one for each direction, their edges do not belong to them, and the current
    number is moved no further than both allow.
    """
    if behavior is None:
        replicas, place = _highest(memory, flags, now, proposed)
    else:
        replicas, place = _between(memory, behavior, flags, now, current, proposed)
    reason = "ReadyForNewScale"
    if replicas != proposed:
        up = behavior is not None and proposed >= current
        reason = "ScaleUpStabilized" if up else "ScaleDownStabilized"
    # Stored as it came: one of 50 holds the window at 50, though the maximum is 10.
    return replicas, reason, remember_recommendation(memory, now, proposed, place)


def _highest(memory: Memory, flags: Flags, now: int, proposed: int) -> tuple[int, int]:
    """The highest recent recommendation, and the place of the last that is stale."""
    edge = now - flags.downscale_stabilization
    highest, place = proposed, len(memory.recommendations)
    for index, (at, replicas) in enumerate(memory.recommendations):
        if at < edge:
            place = index
        elif replicas > highest:
            highest = replicas
    return highest, place


def _between(
    memory: Memory, behavior: Behavior, flags: Flags, now: int, current: int, proposed: int
) -> tuple[int, int]:
    """The number nearest to the current one that both windows allow, and the last stale place."""
    up_edge = now - (behavior.up.window or 0)
    down = behavior.down.window
    down_edge = now - (flags.downscale_stabilization if down is None else down)
    lowest, highest, place = proposed, proposed, len(memory.recommendations)
    for index, (at, replicas) in enumerate(memory.recommendations):
        if at > up_edge and replicas < lowest:
            lowest = replicas
        if at > down_edge and replicas > highest:
            highest = replicas
        if at < up_edge and at < down_edge:
            place = index
    return min(max(current, lowest), highest), place
