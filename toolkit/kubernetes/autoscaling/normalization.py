"""From the replicas by the metrics to the replicas that are set: windows, limits, bounds.

Slots of stale entries are reused, the last one first, so their order has no meaning. They are
kept all the same: if a window is lengthened later, entries that were not overwritten count again.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from toolkit.kubernetes.autoscaling.decision import Decision
from toolkit.kubernetes.autoscaling.int64 import LOWEST_32, MOST_32, ceil32
from toolkit.kubernetes.autoscaling.spec import Behavior, Flags, Policy, ScalingRules, Spec

Recommendation = tuple[int, int]
"""The time, and the proposal of the metrics, before any window or limit."""


class ReplicaChange(NamedTuple):
    """Pods that were added, or removed."""

    at: int
    pods: int
    outdated: bool = False
    """True if its slot may be reused."""


class Memory(NamedTuple):
    """Past recommendations and changes; times in milliseconds on the clock of the syncs."""

    recommendations: tuple[Recommendation, ...] = ()
    ups: tuple[ReplicaChange, ...] = ()
    downs: tuple[ReplicaChange, ...] = ()


def remember_change(
    changes: tuple[ReplicaChange, ...], now: int, pods: int, longest_period: int
) -> tuple[ReplicaChange, ...]:
    """Store a change in the last outdated slot, or at the end.

    Args:
        changes: The changes before, in one direction.
        now: The time of the sync.
        pods: Number of pods added or removed.
        longest_period: Older changes are outdated, in milliseconds.
    """
    marked = [
        change._replace(outdated=change.outdated or change.at < now - longest_period)
        for change in changes
    ]
    # Even changes that the other direction, with a longer period, still counts.
    places = [place for place, change in enumerate(marked) if change.outdated]
    place = places[-1] if places else len(marked)
    marked[place : place + 1] = (ReplicaChange(now, pods),)
    return tuple(marked)


Stabilized = tuple[int, str, Memory]
"""A proposal after the windows, the reason of AbleToScale, and the new memory."""


def stabilize(
    memory: Memory, behavior: Behavior | None, flags: Flags, now: int, current: int, proposed: int
) -> Stabilized:
    """Apply the stabilization windows to a proposal, and remember it unchanged.

    Without ``behavior`` there is one window, for scaling in, which includes its edge. With
    it there is one for each direction without its edge, and the current number changes no
    further than both allow.

    Args:
        memory: The memory before.
        behavior: The section of the spec.
        flags: The controller's flags.
        now: The time of the sync.
        current: The replicas of the scale target.
        proposed: The replicas by the metrics.
    """
    if behavior is None:
        replicas, place = _highest(memory, flags, now, proposed)
    else:
        replicas, place = _between(memory, behavior, flags, now, current, proposed)
    reason = "ReadyForNewScale"
    if replicas != proposed:
        up = behavior is not None and proposed >= current
        reason = "ScaleUpStabilized" if up else "ScaleDownStabilized"
    # Stored unchanged: one of 50 keeps the window at 50, though the maximum is 10.
    kept = list(memory.recommendations)
    kept[place : place + 1] = ((now, proposed),)
    return replicas, reason, memory._replace(recommendations=tuple(kept))


def _highest(memory: Memory, flags: Flags, now: int, proposed: int) -> tuple[int, int]:
    """Return the highest recent recommendation, and the index of the last stale slot."""
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
    """Return the number nearest to the current one in both windows, and the last stale slot."""
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


WITHIN = "DesiredWithinRange"


Limited = tuple[int, str]
"""A number of replicas after the limits, and the reason of ScalingLimited."""


def limit(spec: Spec, memory: Memory, now: int, current: int, wanted: int) -> Limited:
    """Apply the rate limits to a stabilized number.

    Without ``behavior`` the pods may double, and up to four are always allowed.

    Args:
        spec: The autoscaler.
        memory: The memory before.
        now: The time of the sync.
        current: The replicas of the scale target.
        wanted: The replicas after the windows.
    """
    if spec.behavior is None:
        return _doubled(spec, current, wanted)
    if wanted > current:
        limit_up = _rate_limit(spec.behavior.up, memory, now, current, up=True)
        return _capped(spec, max(limit_up, current), wanted)
    if wanted < current:
        limit_down = _rate_limit(spec.behavior.down, memory, now, current, up=False)
        return _held(spec, min(limit_down, current), wanted)
    return wanted, WITHIN


def _doubled(spec: Spec, current: int, wanted: int) -> Limited:
    if wanted < spec.minimum:
        return spec.minimum, "TooFewReplicas"
    # Kubernetes limits the effect of a wrong measurement.
    return _capped(spec, max(2 * current, 4), wanted)


def _capped(spec: Spec, allowed: int, wanted: int) -> Limited:
    if spec.maximum > allowed:
        return (allowed, "ScaleUpLimit") if wanted > allowed else (wanted, WITHIN)
    most = spec.maximum
    return (most, "TooManyReplicas") if wanted > most else (wanted, WITHIN)


def _held(spec: Spec, allowed: int, wanted: int) -> Limited:
    if spec.minimum < allowed:
        return (allowed, "ScaleDownLimit") if wanted < allowed else (wanted, WITHIN)
    least = spec.minimum
    return (least, "TooFewReplicas") if wanted < least else (wanted, WITHIN)


def _rate_limit(rules: ScalingRules, memory: Memory, now: int, current: int, *, up: bool) -> int:
    """Return the maximum replicas by the policies; when scaling in, the minimum."""
    if rules.select == "Disabled":
        return current
    limits = [_allowed(policy, memory, now, current, up=up) for policy in rules.policies]
    # The lowest limit is the least change when scaling out, and the greatest when scaling in.
    if (rules.select == "Min") == up:
        return min(limits, default=MOST_32)
    return max(limits, default=LOWEST_32)


def _allowed(policy: Policy, memory: Memory, now: int, current: int, *, up: bool) -> int:
    """Return the replicas that one policy allows, from those at the start of its period."""
    since = now - policy.period
    # Both directions count: pods removed and added again use up nothing.
    base = current - _changed(memory.ups, since) + _changed(memory.downs, since)
    if policy.type == "Pods":
        return base + policy.value if up else base - policy.value
    # Rounded up, or a small percentage would never add the first pod.
    share = policy.value / 100
    return ceil32(base * (1 + share)) if up else int(base * (1 - share))


def _changed(changes: tuple[ReplicaChange, ...], since: int) -> int:
    return sum([change.pods for change in changes if change.at > since])


def normalize(
    spec: Spec, flags: Flags, memory: Memory, now: int, current: int, proposed: int
) -> tuple[Decision, Memory]:
    """Stabilize, then limit the rate, then apply the minimum and maximum.

    A negative proposal, as of a negative metric, counts as zero.

    Args:
        spec: The autoscaler.
        flags: The controller's flags.
        memory: The memory before.
        now: The time of the sync.
        current: The replicas of the scale target.
        proposed: The replicas by the metrics.
    """
    wanted = proposed if proposed > 0 else 0
    stable, able, kept = stabilize(memory, spec.behavior, flags, now, current, wanted)
    return bound(spec, kept, now, current, wanted, stable, able), kept


def bound(
    spec: Spec, memory: Memory, now: int, current: int, wanted: int, stable: int, able: str
) -> Decision:
    """Apply the limits to a stabilized number.

    Args:
        spec: The autoscaler.
        memory: The memory before.
        now: The time of the sync.
        current: The replicas of the scale target.
        wanted: The replicas by the metrics.
        stable: The replicas after the windows.
        able: The reason of AbleToScale.
    """
    replicas, limited = limit(spec, memory, now, current, stable)
    return Decision(replicas, "", wanted, stable, able, limited)


def with_first_recommendation(memory: Memory, now: int, current: int) -> Memory:
    """Store the current number if there is no recommendation yet.

    For a full window after the start of the controller, nothing is therefore scaled in.

    Args:
        memory: The memory before.
        now: The time of the sync.
        current: The replicas of the scale target.
    """
    if memory.recommendations:
        return memory
    return memory._replace(recommendations=((now, current),))


def remember_rescale(memory: Memory, spec: Spec, now: int, current: int, replicas: int) -> Memory:
    """Store a rescale, forced ones included; without ``behavior`` nothing is stored.

    Args:
        memory: The memory before.
        spec: The autoscaler.
        now: The time of the sync.
        current: The replicas before.
        replicas: The replicas that were set.
    """
    if spec.behavior is None or replicas == current:
        return memory
    if replicas > current:
        period = spec.behavior.up.longest_period
        return memory._replace(ups=remember_change(memory.ups, now, replicas - current, period))
    period = spec.behavior.down.longest_period
    return memory._replace(downs=remember_change(memory.downs, now, current - replicas, period))


class Windows:
    """Sliding stabilization windows; times in milliseconds, ascending.

    `stabilize` searches all that the controller remembers, slot by slot. As long as neither
    the autoscaler nor the flags change, only the highest and the lowest proposal of a window
    matter, and only these are kept here.
    """

    def __init__(self, spec: Spec, flags: Flags) -> None:
        self._behavior = behavior = spec.behavior
        # Without `behavior` the window includes its edge; with it, it does not.
        length, up = flags.downscale_stabilization + 1, 0
        if behavior is not None:
            down, up = behavior.down.window, behavior.up.window or 0
            length = flags.downscale_stabilization if down is None else down
        self._down = _Highest(length)
        self._up = _Highest(up) if up else None

    def remember(self, now: int, replicas: int) -> None:
        """Store a recommendation unchanged: the first one."""
        self._down.pass_by(now, replicas)
        if self._up is not None:
            self._up.pass_by(now, -replicas)

    def stabilize(self, now: int, current: int, proposed: int) -> tuple[int, str]:
        """Return a proposal after the windows, and the reason of AbleToScale; store it unchanged.

        Args:
            now: The time of the sync.
            current: The replicas of the scale target.
            proposed: The replicas by the metrics.
        """
        highest = self._down.pass_by(now, proposed)
        if self._behavior is None:
            return highest, "ReadyForNewScale" if highest == proposed else "ScaleDownStabilized"
        # The lowest is the highest of the negated values.
        lowest = proposed if self._up is None else -self._up.pass_by(now, -proposed)
        replicas = current if current > lowest else lowest
        replicas = replicas if replicas < highest else highest
        if replicas == proposed:
            return replicas, "ReadyForNewScale"
        return replicas, "ScaleUpStabilized" if proposed >= current else "ScaleDownStabilized"


class _Highest:
    """The recent values, without those that a later one as high outlives."""

    __slots__ = ("_kept", "_length")

    def __init__(self, length: int) -> None:
        self._length = length
        self._kept: deque[tuple[int, int]] = deque()

    def pass_by(self, now: int, value: int) -> int:
        """Store a value, and return the highest of it and those within the window."""
        kept = self._kept
        while kept and kept[-1][1] <= value:
            kept.pop()
        kept.append((now, value))
        edge = now - self._length
        while kept[0][0] <= edge and len(kept) > 1:
            kept.popleft()
        return kept[0][1]
