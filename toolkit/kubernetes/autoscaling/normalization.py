"""From the number that the metrics want to the number that is set: windows, limits, ends.

Places of what is stale are used again, the last one first, so the order tells nothing. It is
kept all the same: a window that is lengthened later brings back what was not overwritten.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from toolkit.kubernetes.autoscaling.decision import Decision
from toolkit.kubernetes.autoscaling.int64 import LOWEST_32, MOST_32, ceil32
from toolkit.kubernetes.autoscaling.spec import Behavior, Flags, Policy, ScalingRules, Spec

Recommendation = tuple[int, int]
"""When, and what the metrics proposed, before any window or limit."""


class ReplicaChange(NamedTuple):
    """Pods that were once added, or removed."""

    at: int
    pods: int
    outdated: bool = False
    """Whether its place may be used again."""


class Memory(NamedTuple):
    """Past recommendations and changes; times in milliseconds on the clock of the syncs."""

    recommendations: tuple[Recommendation, ...] = ()
    ups: tuple[ReplicaChange, ...] = ()
    downs: tuple[ReplicaChange, ...] = ()


def remember_recommendation(memory: Memory, now: int, replicas: int, place: int) -> Memory:
    """Store a recommendation in the place of a stale one, or after the last."""
    past, ups, downs = memory
    kept = list(past)
    kept[place : place + 1] = ((now, replicas),)
    return Memory(tuple(kept), ups, downs)


def remember_change(
    changes: tuple[ReplicaChange, ...], now: int, pods: int, longest_period: int
) -> tuple[ReplicaChange, ...]:
    """Store a change in the last place that is outdated after ``longest_period``."""
    marked = [
        change._replace(outdated=change.outdated or change.at < now - longest_period)
        for change in changes
    ]
    # Also what the other direction, with a longer period, would still have counted.
    places = [place for place, change in enumerate(marked) if change.outdated]
    if places:
        marked[places[-1]] = ReplicaChange(now, pods)
    else:
        marked.append(ReplicaChange(now, pods))
    return tuple(marked)


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


WITHIN = "DesiredWithinRange"


Limited = tuple[int, str]
"""A number of replicas after the limits, and the reason of ScalingLimited."""


def limit(spec: Spec, memory: Memory, now: int, current: int, wanted: int) -> Limited:
    """Bring a stabilized number within what may be done now.

    Without ``behavior`` the pods may double, and up to four are always allowed.
    """
    if spec.behavior is None:
        return _doubled(spec, current, wanted)
    if wanted > current:
        limit_up = scale_up_limit(spec.behavior.up, memory, now, current)
        return _capped(spec, max(limit_up, current), wanted)
    if wanted < current:
        limit_down = scale_down_limit(spec.behavior.down, memory, now, current)
        return _held(spec, min(limit_down, current), wanted)
    return wanted, WITHIN


def _doubled(spec: Spec, current: int, wanted: int) -> Limited:
    if wanted < spec.minimum:
        return spec.minimum, "TooFewReplicas"
    # Kubernetes keeps a false measurement from growing a workload without bound.
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


def scale_up_limit(rules: ScalingRules, memory: Memory, now: int, current: int) -> int:
    """The most replicas that the policies allow; per cent are rounded up."""
    if rules.select == "Disabled":
        return current
    proposals = [
        # Rounded up, or a small percentage would never add the first pod.
        base + policy.value if policy.type == "Pods" else ceil32(base * (1 + policy.value / 100))
        for policy, base in _bases(rules, memory, now, current)
    ]
    if rules.select == "Min":
        return min(proposals, default=MOST_32)
    return max(proposals, default=LOWEST_32)


def scale_down_limit(rules: ScalingRules, memory: Memory, now: int, current: int) -> int:
    """The fewest replicas that the policies allow; per cent are cut."""
    if rules.select == "Disabled":
        return current
    proposals = [
        base - policy.value if policy.type == "Pods" else int(base * (1 - policy.value / 100))
        for policy, base in _bases(rules, memory, now, current)
    ]
    if rules.select == "Min":
        return max(proposals, default=LOWEST_32)
    return min(proposals, default=MOST_32)


def _bases(
    rules: ScalingRules, memory: Memory, now: int, current: int
) -> list[tuple[Policy, int]]:
    """Each policy with the replicas that there were when its period began."""
    return [
        (
            policy,
            current
            # Both directions count, so that what went and came back uses nothing up.
            - _changed(memory.ups, now - policy.period)
            + _changed(memory.downs, now - policy.period),
        )
        for policy in rules.policies
    ]


def _changed(changes: tuple[ReplicaChange, ...], since: int) -> int:
    return sum([change.pods for change in changes if change.at > since])


def normalize(
    spec: Spec, flags: Flags, memory: Memory, now: int, current: int, proposed: int
) -> tuple[Decision, Memory]:
    """Stabilize, then limit the rate, then keep to the minimum and maximum.

    A proposal below zero, as a negative metric makes it, is taken for zero.
    """
    wanted = proposed if proposed > 0 else 0
    stable, able, kept = stabilize(memory, spec.behavior, flags, now, current, wanted)
    return bound(spec, kept, now, current, wanted, stable, able), kept


def bound(
    spec: Spec, memory: Memory, now: int, current: int, wanted: int, stable: int, able: str
) -> Decision:
    """What the limits leave of ``wanted``, of which the windows left ``stable``."""
    replicas, limited = limit(spec, memory, now, current, stable)
    return Decision(replicas, "", wanted, stable, able, limited)


def with_first_recommendation(memory: Memory, now: int, current: int) -> Memory:
    """Store the current number if nothing was ever recommended.

    So nothing goes down for a full window after the controller starts.
    """
    if memory.recommendations:
        return memory
    return memory._replace(recommendations=((now, current),))


def remember_rescale(memory: Memory, spec: Spec, now: int, current: int, replicas: int) -> Memory:
    """Store that replicas were set, forced moves included; without ``behavior`` nothing is."""
    if spec.behavior is None or replicas == current:
        return memory
    if replicas > current:
        period = spec.behavior.up.longest_period
        return memory._replace(ups=remember_change(memory.ups, now, replicas - current, period))
    period = spec.behavior.down.longest_period
    return memory._replace(downs=remember_change(memory.downs, now, current - replicas, period))


class Windows:
    """Stabilization windows that only ever move on; times in milliseconds, ascending.

    `stabilize` looks through all that the controller remembers, place by place. Where neither
    the autoscaler nor the flags change, the highest and the lowest proposal of a window are all
    that matters of it, and these are kept here.
    """

    def __init__(self, spec: Spec, flags: Flags) -> None:
        self._behavior = behavior = spec.behavior
        # Without `behavior` the edge of the window belongs to it; with it, it does not.
        length, up = flags.downscale_stabilization + 1, 0
        if behavior is not None:
            down, up = behavior.down.window, behavior.up.window or 0
            length = flags.downscale_stabilization if down is None else down
        self._down = _Highest(length)
        self._up = _Highest(up) if up else None

    def remember(self, now: int, replicas: int) -> None:
        """Store a recommendation as it is: the first one."""
        self._down.pass_by(now, replicas)
        if self._up is not None:
            self._up.pass_by(now, -replicas)

    def stabilize(self, now: int, current: int, proposed: int) -> tuple[int, str]:
        """A proposal after the windows, and the reason of AbleToScale; it is stored raw."""
        highest = self._down.pass_by(now, proposed)
        if self._behavior is None:
            return highest, "ReadyForNewScale" if highest == proposed else "ScaleDownStabilized"
        # The lowest is the highest of what is turned round.
        lowest = proposed if self._up is None else -self._up.pass_by(now, -proposed)
        replicas = current if current > lowest else lowest
        replicas = replicas if replicas < highest else highest
        if replicas == proposed:
            return replicas, "ReadyForNewScale"
        return replicas, "ScaleUpStabilized" if proposed >= current else "ScaleDownStabilized"


class _Highest:
    """The values of the last while, without those that a later one as high has outlived."""

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
