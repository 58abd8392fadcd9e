"""How far one sync may go: rate limits, then the minimum and maximum."""

from __future__ import annotations

from toolkit.kubernetes.autoscaling.int64 import LOWEST_32, MOST_32, ceil32
from toolkit.kubernetes.autoscaling.memory import Change, Memory
from toolkit.kubernetes.autoscaling.spec import Policy, Rules, Spec

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


def scale_up_limit(rules: Rules, memory: Memory, now: int, current: int) -> int:
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


def scale_down_limit(rules: Rules, memory: Memory, now: int, current: int) -> int:
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


def _bases(rules: Rules, memory: Memory, now: int, current: int) -> list[tuple[Policy, int]]:
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


def _changed(changes: tuple[Change, ...], since: int) -> int:
    return sum([change.pods for change in changes if change.at > since])
