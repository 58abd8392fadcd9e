"""Without load, replicas stay."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.checks.autoscaling._run import SCALED, of_run
from toolkit.evidence.autoscaling.scaling import Scaled
from toolkit.findings import Finding, Unproven
from toolkit.model.expectations.scaling import ScalingExpectation


@check(expects=ScalingExpectation, queries=of_run)
def scales_in(expected: ScalingExpectation, seen: Scaled) -> Iterator[Finding | Unproven]:
    """Once the load has gone, the autoscaler comes back to its minimum in time.

    ## Why it matters
    What scales out and never in costs the peak for ever, and on one node takes the room that
    the next rollout needs.

    ## How to fix it
    Look at `behavior.scaleDown`: its window and policies, and `selectPolicy: Disabled`. What
    uses CPU without any request, such as a busy sidecar, also keeps replicas alive.

    ## Reference
    https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#stabilization-window
    """
    if seen.voided:
        yield Unproven(seen.voided[0])
        return
    if seen.peak <= seen.minimum:
        yield Unproven.of(
            what=f"there were never more replicas than the minimum of {seen.minimum}",
            where=expected.declared,
            why="what has not scaled out cannot be seen scaling in",
            fix="run `toolkit scale --why` to see what is in the way.",
            follows=(SCALED,),
        )
        return
    if seen.back_after is not None:
        return
    last = seen.moments[-1]
    unknown = f"unknown ({last.note})" if last.note else "unknown"
    usage = unknown if last.usage is None else f"{last.usage} {seen.unit}"
    yield Finding(
        what=f"{last.desired} replicas were left {seen.deadline:.0f} s after the load, "
        f"wanted {seen.minimum}",
        where=expected.declared,
        why=f"usage was {usage}; {seen.deadline * seen.speed:.0f} s of the cluster had passed"
        + (f", and the condition was {last.limited}" if last.limited else ""),
        fix="see why the metric is lost: without it, nothing is scaled in."
        if last.usage is None
        else "shorten `behavior.scaleDown`, or give `scaling.back` more seconds.",
    )
