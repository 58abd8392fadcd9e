"""Replicas that are ready get no traffic."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.checks.autoscaling._run import SCALED, of_run
from toolkit.evidence.autoscaling.scaling import Scaled
from toolkit.findings import Finding, Unproven
from toolkit.model.expectations.scaling import ScalingExpectation

_LEAST = 0.25
"""Of a fair share."""


@check(expects=ScalingExpectation, queries=of_run)
def traffic_follows(expected: ScalingExpectation, seen: Scaled) -> Iterator[Finding | Unproven]:
    """Every replica that is ready takes its share of the requests.

    ## Why it matters
    A Service chooses a pod for each connection, not for each request. Clients that keep their
    connections open stay with the old pods: new ones are idle, and scaling was in vain.

    ## How to fix it
    Close connections after a number of requests or seconds (`max_requests`, `keepalive`), or
    balance by request, as an ingress or a mesh does.

    ## Reference
    https://kubernetes.io/docs/reference/networking/virtual-ips/
    """
    if seen.voided or seen.unshared:
        yield Unproven(seen.voided[0] if seen.voided else _untold(expected, seen))
        return
    total = sum(each.requests for each in seen.shares)
    if not total:
        yield Unproven.of(
            what="no requests while as many replicas as promised were ready",
            where=expected.declared,
            why="shares of nothing cannot be compared",
            fix="see the finding of `autoscaling/scales-out`.",
            follows=(SCALED,),
        )
        return
    fair = total / len(seen.shares)
    idle = [each for each in seen.shares if each.requests < fair * _LEAST]
    if idle:
        yield Finding(
            what=f"{len(idle)} of {len(seen.shares)} ready replicas got less than a quarter of "
            f"a fair share: {', '.join(f'{each.replica} {each.requests}' for each in idle)} "
            f"of {total} requests",
            where=expected.declared,
            why=_why(seen),
            fix="close connections, in the clients or in the service.",
        )


def _why(seen: Scaled) -> str:
    if seen.shared_by:
        return f"measured by {seen.shared_by}; kept-alive connections stay with old replicas"
    kept = seen.requests / max(1, sum(each.connections for each in seen.shares))
    text = f"{kept:.1f} requests came through each connection"
    return text + (": kept alive, they stay with old replicas" if kept > 2 else "")


def _untold(expected: ScalingExpectation, seen: Scaled) -> Finding:
    return Finding(
        what="it is not known which replicas the requests went to",
        where=expected.declared,
        why=seen.unshared,
        fix="let answers name the pod in a header, and set it in `targets: kubernetes: "
        "pod_header`.",
    )
