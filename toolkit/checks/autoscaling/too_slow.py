"""An autoscaler cannot do in time what the contract promises of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from toolkit.checks import check
from toolkit.evidence.autoscaling.autoscalers import Scalable, autoscaler
from toolkit.findings import Finding, Mark, Severity, Subject
from toolkit.kubernetes.autoscaling.deadlines import Deadline, Unreachable, seconds
from toolkit.model.expectations.scaling import ScalingExpectation


@check(expects=ScalingExpectation, queries=autoscaler)
def too_slow(expected: ScalingExpectation, scaled: Scalable) -> Iterator[Finding]:
    """The autoscaler can reach what is promised, and come back, in the time that is promised.

    ## Why it matters
    Syncs, the age of the metrics, policies, windows and the start of a pod add up. A promise
    below their sum is broken under each load, and a `maxReplicas` below it by any.

    ## How to fix it
    Write `auto`, and the time is derived from the autoscaler. Or change `behavior`: its
    policies, their periods, and its stabilization windows.

    ## Reference
    https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#configurable-scaling-behavior
    """
    spec = scaled.deployed
    if spec.minimum > spec.maximum:
        return
    if expected.reaches > spec.minimum:
        derived = scaled.reach(expected.reaches, expected.startup)
        out = _Promise("within", "scaleUp", f"scaling out to {expected.reaches}", expected.within)
        yield from _judged(expected, scaled, out, derived)
    derived = scaled.back(spec.maximum, spec.minimum)
    home = _Promise("back", "scaleDown", f"coming back to {spec.minimum}", expected.back)
    yield from _judged(expected, scaled, home, derived)


class _Promise(NamedTuple):
    key: str
    direction: str
    what: str
    seconds: float | Literal["auto"]


def _judged(
    expected: ScalingExpectation,
    scaled: Scalable,
    promise: _Promise,
    derived: Deadline | Unreachable,
) -> Iterator[Finding]:
    hpa, wanted = scaled.manifest, promise.seconds
    severity = Severity.ERROR
    where = hpa.locate("spec", "behavior", promise.direction)
    if isinstance(derived, Unreachable):
        what, why = f"{promise.what} can never happen", derived.why
        fix = derived.fix or f"let `behavior.{promise.direction}` act."
        if derived.why.startswith("maxReplicas"):
            where, fix = hpa.locate("spec", "maxReplicas"), "raise it, or promise less."
    elif wanted != "auto" and wanted * 1000 < derived.total:
        takes = f"may take up to {seconds(derived.total)}"
        if wanted * 1000 < derived.least:
            takes = f"takes at least {seconds(derived.least)}"
        else:
            severity = Severity.WARNING
        what, why = f"{promise.what} {takes}, wanted within {wanted:g} s", str(derived)
        fix = f"write `scaling.{promise.key}: auto`, or change `behavior`."
    else:
        return
    yield Finding(
        what=what,
        where=where,
        why=why,
        fix=fix,
        marks=(Mark("promised", expected.declared),),
        severity=severity,
        follows=(Subject("autoscaler", f"{hpa}"),),
    )
