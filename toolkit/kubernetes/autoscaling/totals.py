"""What one metric of an object or of the world outside proposes."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.kubernetes.autoscaling.flags import Tolerance
from toolkit.kubernetes.autoscaling.int64 import MOST_32, MOST_64, ceil32, ceil64, wrap64
from toolkit.kubernetes.autoscaling.observation import Scale
from toolkit.kubernetes.autoscaling.proposals import Fault, Proposal
from toolkit.kubernetes.autoscaling.spec import Metric


def propose_total(
    metric: Metric, values: Sequence[int], scale: Scale, serving: int | None, tolerance: Tolerance
) -> Proposal | Fault:
    """What an Object or External metric proposes; only the latter has several values.

    ``serving`` is how many pods run and are ready, None if the selector finds none at all.
    """
    target, status = metric.target.number, scale.status_replicas
    if metric.target.type == "AverageValue":
        if metric.source == "External":
            return propose_sum_share(values, target, status, tolerance)
        return propose_share(sum(values), target, status, tolerance)
    return propose_value(wrap64(sum(values)), target, scale.replicas, serving, tolerance)


def propose_value(
    value: int, target: int, current: int, serving: int | None, tolerance: Tolerance
) -> Proposal | Fault:
    """What a target ``value`` proposes: the ratio times the pods that run and are ready.

    Without replicas the ratio itself is the proposal, and no tolerance holds.
    """
    ratio = value / target
    if current == 0:
        return Proposal(ceil32(ratio), value)
    if tolerance.holds(ratio):
        return Proposal(current, value)
    if serving is None:
        return Fault(
            "unable to calculate ready pods: no pods returned by selector while calculating "
            "replica count"
        )
    return Proposal(ceil32(ratio * serving), value)


def propose_share(value: int, target: int, status_replicas: int, tolerance: Tolerance) -> Proposal:
    """What a target ``averageValue`` proposes: as many replicas as share the value evenly.

    The tolerance is that of the replicas in the status of the scale target, not its spec.
    """
    # Status and spec differ while pods come and go, and then so does the tolerance.
    replicas = status_replicas
    shared = float(target) * status_replicas
    if not (shared and tolerance.holds(value / shared)):
        replicas = ceil32(value / target)
    return Proposal(replicas, _per_pod(value, status_replicas))


def propose_sum_share(
    values: Sequence[int], target: int, status_replicas: int, tolerance: Tolerance
) -> Proposal:
    """`propose_share` of the sum of all series; a sum that turns negative is an overflow."""
    total = 0
    for value in values:
        total = wrap64(total + value)
        if total < 0:
            return Proposal(MOST_32, MOST_64)
    return propose_share(total, target, status_replicas, tolerance)


def _per_pod(value: int, replicas: int) -> int:
    return ceil64(value / replicas) if replicas else ceil64(float("inf"))
