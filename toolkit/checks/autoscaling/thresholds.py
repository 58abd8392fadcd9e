"""Load makes the service slow, or makes it fail."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.checks.autoscaling._run import of_run, void
from toolkit.evidence.autoscaling.scaling import Scaled
from toolkit.findings import Finding, Unproven
from toolkit.model.expectations.scaling import ScalingExpectation


@check(expects=ScalingExpectation, queries=of_run)
def thresholds(expected: ScalingExpectation, seen: Scaled) -> Iterator[Finding | Unproven]:
    """Under load, failures and latency stay within what the contract allows.

    ## Why it matters
    To scale is a means: what counts is that users are still answered, and soon, while the new
    replicas start.

    ## How to fix it
    Lower the target, so that replicas come before the old ones are full, or make the requests
    cheaper. On a machine that is busy with other things, run it again.

    ## Reference
    https://sre.google/sre-book/service-level-objectives/
    """
    nothing = void(expected, seen)
    if nothing:
        yield nothing
        return
    if not expected.errors.kept_by(seen.failures):
        worst = max(seen.endpoints, key=lambda each: each.failures)
        yield Finding(
            what=f"{seen.failures:.2%} of {seen.requests} requests failed, "
            f"wanted `{expected.errors}`",
            where=expected.declared,
            why=f"`{worst.name}` failed {worst.failures} of {worst.requests} times: "
            f"{worst.error or 'it has no message'}",
            fix="look into the log of the service for what it answered.",
        )
    for each in seen.endpoints:
        if expected.p95 and not expected.p95.kept_by(each.p95):
            yield Finding(
                what=f"p(95) of `{each.name}` was {expected.p95.shown(each.p95)}, "
                f"wanted `{expected.p95}`",
                where=expected.declared,
                why=f"{each.requests} requests were measured under load",
                fix="lower the target of the autoscaler, or make the request cheaper.",
            )
