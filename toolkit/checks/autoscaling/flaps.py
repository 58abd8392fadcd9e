"""Replicas go and come for nothing."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.checks.autoscaling._run import of_turns, void
from toolkit.evidence.autoscaling.pace import points
from toolkit.evidence.autoscaling.scaling import Scaled
from toolkit.findings import Finding, Unproven
from toolkit.kubernetes.autoscaling.deadlines import seconds
from toolkit.kubernetes.autoscaling.expectations import flaps as turns
from toolkit.model.expectations.scaling import ScalingExpectation


@check(expects=ScalingExpectation, queries=of_turns)
def flaps(expected: ScalingExpectation, seen: Scaled) -> Iterator[Finding | Unproven]:
    """Under load and after it, replicas turn at most once within the stabilization window.

    ## Why it matters
    Replicas that go and come again cost requests each time: those that a pod had when it was
    stopped, and those that wait while another starts.

    ## How to fix it
    Lengthen `behavior.scaleDown.stabilizationWindowSeconds`, or let fewer pods go at once. A
    target near what one replica fewer would use makes the arithmetic swing.

    ## Reference
    https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#flapping
    """
    nothing = void(expected, seen)
    if nothing:
        yield nothing
        return
    found = [
        f"{before.desired} → {after.desired} at {seconds(after.at)}"
        for before, after in turns(list(points(seen)), round(seen.window * 1000))
    ]
    if found:
        yield Finding(
            what=f"replicas turned twice within {seen.window:g} s: {', '.join(found)}",
            where=expected.declared,
            why="the contract declares `flaps: never`; times are those of the cluster",
            fix="lengthen `behavior.scaleDown.stabilizationWindowSeconds`.",
        )
