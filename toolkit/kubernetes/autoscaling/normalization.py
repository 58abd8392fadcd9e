"""From the number that the metrics want to the number that is set: windows, limits, ends."""

from __future__ import annotations

from toolkit.kubernetes.autoscaling.decision import Decision
from toolkit.kubernetes.autoscaling.flags import Flags
from toolkit.kubernetes.autoscaling.limits import limit
from toolkit.kubernetes.autoscaling.memory import Memory, remember_change
from toolkit.kubernetes.autoscaling.spec import Spec
from toolkit.kubernetes.autoscaling.stabilization import stabilize


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
