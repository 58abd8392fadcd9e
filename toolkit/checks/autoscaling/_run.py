"""The query of the checks under load, and the reasons for an invalid run."""

from __future__ import annotations

from toolkit.evidence.autoscaling.scaling import Scaled, ScalingRun
from toolkit.findings import Finding, Subject, Unproven
from toolkit.model.contract import Scope
from toolkit.model.expectations.scaling import ScalingExpectation
from toolkit.model.queries import Query

SCALED = Subject("replicas")
"""The subject of findings about missing replicas."""


def of_run(expected: ScalingExpectation, scope: Scope) -> Query[Scaled] | None:
    """Return the query for the run of load, if one is allowed: `toolkit verify` makes none."""
    contract = scope.contract
    somewhere = contract.service is not None or "kubernetes" in scope.live
    if "scaling" not in scope.live or not somewhere or contract.kubernetes is None:
        return None
    return ScalingRun(expected, contract.service, contract.kubernetes)


def of_turns(expected: ScalingExpectation, scope: Scope) -> Query[Scaled] | None:
    """Return the query for the run of load, if the contract forbids flapping."""
    return of_run(expected, scope) if expected.flaps == "never" else None


LOADS = (of_run, of_turns)
"""The functions that query a run of load."""


def void(expected: ScalingExpectation, seen: Scaled) -> Unproven | None:
    """Return the reason for which a run proves nothing, or None."""
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
