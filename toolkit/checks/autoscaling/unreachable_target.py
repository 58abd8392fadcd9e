"""A limit keeps the usage below what would make the autoscaler act."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from toolkit.checks import check
from toolkit.checks._manifests import of_autoscalers_and_cluster
from toolkit.evidence.kubernetes.manifests import Manifests
from toolkit.findings import Finding, Location, Mark, Subject
from toolkit.kubernetes.manifests import Manifest
from toolkit.kubernetes.requests import own, total
from toolkit.kubernetes.targets import ResourceTarget, targets
from toolkit.kubernetes.workloads import containers, pod_path, pod_spec
from toolkit.model.expectations.kubernetes import KubernetesExpectation

_TOLERANCE = Decimal("1.1")
"""The controller does nothing up to this ratio of usage and target, itself included."""


@check(expects=KubernetesExpectation, queries=of_autoscalers_and_cluster)
def unreachable_target(expected: KubernetesExpectation, observed: Manifests) -> Iterator[Finding]:
    """Containers may use more than the autoscaler's target, so that it can be passed.

    ## Why it matters
    A container never uses more CPU than its limit. If the limit is below request × target,
    utilization stops short of the target: the service is throttled, and never scaled.

    ## How to fix it
    Raise or remove the CPU limit, or lower the target: it must be passed by more than the
    tolerance of 10 %.

    ## Reference
    https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details
    """
    for scaler in observed.scalers:
        if scaler.template is not None:
            for target in targets(scaler.hpa):
                yield from _judged(target, scaler.template)


def _judged(target: ResourceTarget, workload: Manifest) -> Iterator[Finding]:
    counting = [
        each
        for each in containers(workload)
        if each.stays and target.container in (None, each.name)
    ]
    if not counting:
        return
    requested = _sum(each.request(target.resource) for each in counting)
    limit = _sum(each.limit(target.resource) for each in counting)
    where = counting[0].locate("resources", "limits", target.resource)
    if target.container is None:
        spec = pod_spec(workload)
        if own(spec, "requests"):
            requested = total(spec, "requests").get(target.resource)
        whole = own(spec, "limits").get(target.resource)
        if whole is not None and (limit is None or whole < limit):
            path = (*pod_path(workload), "spec", "resources", "limits", target.resource)
            limit, where = whole, workload.locate(*path)
    wanted = None if requested is None else target.wanted(requested)
    if wanted and limit is not None and limit <= wanted * _TOLERANCE:
        yield _finding(target, workload, where, limit, wanted)


def _sum(amounts: Iterator[Decimal | None]) -> Decimal | None:
    """The sum; None where one is not stated."""
    found = list(amounts)
    known = [each for each in found if each is not None]
    return sum(known, Decimal()) if len(known) == len(found) else None


def _finding(
    target: ResourceTarget, workload: Manifest, where: Location, limit: Decimal, wanted: Decimal
) -> Finding:
    kind = "below" if limit < wanted else "within the tolerance of"
    return Finding(
        what=f"the {target.resource} limit of {target.shown(limit)} is {kind} "
        f"the target of {target.shown(wanted)}",
        where=where,
        why=f"{target.hpa} wants {target}, and usage never passes the limit",
        fix=f"raise the limit beyond {target.shown(wanted * _TOLERANCE)}, or lower the target.",
        marks=(Mark("target", target.where),),
        breaks=(Subject("limit", f"{target.resource} of {workload}"),),
    )
