"""The question that the checks under load ask, and what makes any answer worthless."""

from __future__ import annotations

from toolkit.evidence.autoscaling.scaling import Scaled, ScalingRun
from toolkit.findings import Finding, Unproven
from toolkit.model.contract import Scope
from toolkit.model.expectations.scaling import ScalingExpectation
from toolkit.model.queries import Query

SCALED = "replicas under load"
"""What findings break, or follow from, when replicas did not come."""


def of_run(expected: ScalingExpectation, scope: Scope) -> Query[Scaled] | None:
    """The run of load, where one is wanted: `toolkit verify` puts load on nothing."""
    contract = scope.contract
    somewhere = contract.service is not None or "kubernetes" in scope.live
    if "scaling" not in scope.live or not somewhere or contract.kubernetes is None:
        return None
    return ScalingRun(expected, contract.service, contract.kubernetes)


def of_turns(expected: ScalingExpectation, scope: Scope) -> Query[Scaled] | None:
    """The run of load, where the contract says that replicas never flap."""
    return of_run(expected, scope) if expected.flaps == "never" else None


LOADS = (of_run, of_turns)
"""What asks for a run of load."""


def void(expected: ScalingExpectation, seen: Scaled) -> Unproven | None:
    """Why the run proves nothing, or None: too few requests, say, or a generator too busy."""
    if seen.voided:
        return Unproven(seen.voided[0])
    if seen.requests < expected.samples:
        return _void(
            expected,
            f"{seen.requests} requests were answered, at least {expected.samples} are wanted",
            "so few show neither latency nor failures nor load",
            "raise `scaling.users` or `scaling.budget`, or lower `scaling.samples`.",
        )
    if seen.saturated is not None:
        return _void(
            expected,
            f"the load generator used {seen.saturated:.0%} of its core, more than 90 %",
            "it then measures itself: requests wait in it, not in the service",
            "raise `scaling.workers`, or let each user ask for what costs the service more.",
        )
    return None


def _void(expected: ScalingExpectation, what: str, why: str, fix: str) -> Unproven:
    return Unproven(Finding(what, expected.declared, why, fix))
