"""Under a load that is known, the autoscaler would not do what is promised."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.evidence.autoscaling.hpa_simulation import SimulatedLoad, Simulations, simulations
from toolkit.findings import Finding, Subject, Unproven
from toolkit.kubernetes.autoscaling.deadlines import Unreachable
from toolkit.kubernetes.autoscaling.expectations import Judged
from toolkit.kubernetes.autoscaling.timeline import clock, explain
from toolkit.model.expectations.scaling import ScalingExpectation

_FIXES = {
    "reaches": "let `behavior.scaleUp` and `maxReplicas` allow it, or promise less.",
    "back": "shorten `behavior.scaleDown`, or give `scaling.back` more seconds.",
    "flaps": "lengthen `behavior.scaleDown.stabilizationWindowSeconds`.",
}


@check(expects=ScalingExpectation, queries=simulations)
def simulated(expected: ScalingExpectation, seen: Simulations) -> Iterator[Finding | Unproven]:
    """Under each load that the contract names, the autoscaler reaches what it promises, and back.

    ## Why it matters
    Whether an autoscaler keeps up with a peak is decided by its target, its policies and its
    windows together. Under load, in production, is late to find out; the controller's own
    arithmetic shows it in milliseconds.

    ## How to fix it
    `toolkit scale --simulate TRACE` prints what each sync would decide, and why. Change what held
    it, or the promise.

    ## Reference
    https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details
    """
    for run in seen.runs:
        for each in run.judged:
            finding = _finding(seen, run, each)
            if each.holds is None:
                yield Unproven(finding)
            elif not each.holds:
                yield finding


def _finding(seen: Simulations, run: SimulatedLoad, each: Judged) -> Finding:
    scaled, target = seen.scaled, seen.scaled.hpa.spec.scales
    return Finding(
        what=f"{each.observed}, wanted: {each.expected}",
        where=run.load.where,
        why=_why(run, each),
        fix=_fix(run, each),
        follows=(
            Subject("autoscaler", f"{scaled.manifest}"),
            Subject("request", f"cpu of {target.kind} {target.name}"),
            Subject("limit", f"cpu of {target.kind} {target.name}"),
        ),
    )


def _fix(run: SimulatedLoad, each: Judged) -> str:
    if run.busy is None:
        return "raise the load of the trace, or promise less."
    if each.about == "back" and run.busy.ends is None:
        return "let the load of the trace end, or take `scaling.back` away."
    if each.about == "reaches" and isinstance(run.reach, Unreachable) and run.reach.fix:
        return run.reach.fix
    return _FIXES[each.about]


def _why(run: SimulatedLoad, each: Judged) -> str:
    """Return the cause: the last sync at which the expectation did not hold yet."""
    goal, base, steps = run.expected.reaches, run.expected.base or 1, run.timeline.steps
    if run.busy is None or each.about == "flaps" or (each.about, run.busy.ends) == ("back", None):
        return f"`{run.load.name}` was simulated for {clock(run.until)}"
    if each.about == "reaches" and isinstance(run.reach, Unreachable):
        return run.reach.why
    begins, ends = run.busy.begins, run.until if run.busy.ends is None else run.busy.ends
    if each.about == "reaches":
        held = [step for step in steps if begins < step.at <= ends and step.replicas < goal]
    else:
        held = [step for step in steps if step.at > ends and step.replicas > base]
    if not held:
        return f"at {clock(begins)} the load is enough, and pods take time to serve"
    return f"at {clock(held[-1].at)}: {explain(run.timeline.spec, held[-1])}"
