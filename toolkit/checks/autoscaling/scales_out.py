"""Load does not bring as many replicas as promised."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.checks.autoscaling._run import SCALED, of_run, void
from toolkit.evidence.autoscaling.diagnosis import diagnose
from toolkit.evidence.autoscaling.pace import reached_after
from toolkit.evidence.autoscaling.scaling import Scaled
from toolkit.findings import Finding, Unproven
from toolkit.model.expectations.scaling import ScalingExpectation


def _late(expected: ScalingExpectation, seen: Scaled) -> Iterator[Finding]:
    took = reached_after(seen, expected.reaches)
    allowed = seen.within if expected.within == "auto" else expected.within
    if took is None or allowed is None or took <= allowed:
        return
    yield Finding(
        what=f"{expected.reaches} replicas were ready after {took:.0f} s of enough load, wanted "
        f"within {allowed:g} s",
        where=expected.declared,
        why=f"the autoscaler's own time is {seen.how.get('within', 'not known')}",
        fix="let `behavior.scaleUp` act faster, or give `scaling.within` more seconds.",
    )


@check(expects=ScalingExpectation, queries=of_run)
def scales_out(expected: ScalingExpectation, seen: Scaled) -> Iterator[Finding | Unproven]:
    """Under load, as many replicas become ready as the contract promises, and in time.

    ## Why it matters
    An autoscaler that is accepted need not act: a request that is missing, a limit below the
    target, a maximum that is too low or a target that no load reaches leave the service alone
    with its load, and without any message.

    ## How to fix it
    The finding names what was in the way. Set requests, limits, target and maximum so that
    the load of the contract passes the target by more than the tolerance.

    ## Reference
    https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details
    """
    nothing = void(expected, seen)
    if nothing:
        yield nothing
    if seen.minimum >= expected.reaches:
        yield Unproven.of(
            what=f"{expected.reaches} replicas are there without any load",
            where=expected.declared,
            why=f"`minReplicas` of {seen.autoscaler} is {seen.minimum}",
            fix=f"promise more than {seen.minimum} in `scaling.reaches`.",
        )
    if seen.ended == "reached" and not nothing:
        yield from _late(expected, seen)
    if seen.ended == "reached" or (nothing and (seen.requests or seen.voided)):
        return
    reason = diagnose(expected, seen)
    short = seen.peak >= expected.reaches
    yield Finding(
        what=f"{seen.peak} replicas became ready, and the load ended before they had shown it"
        if short
        else f"{seen.peak} of {expected.reaches} replicas became ready under load",
        where=expected.declared,
        why=reason.why,
        fix=reason.fix,
        breaks=(SCALED,),
    )
