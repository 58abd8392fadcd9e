"""The controller of a cluster cannot act on an autoscaler."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from toolkit.checks import check
from toolkit.checks._manifests import of_autoscalers_in_cluster
from toolkit.checks.autoscaling._conditions import advice
from toolkit.evidence.kubernetes.cluster import Autoscaled, Cluster
from toolkit.findings import Finding, Severity, Subject, Unproven
from toolkit.kubernetes.manifests import Manifest, items
from toolkit.model.expectations.kubernetes import KubernetesExpectation

_FIRST_SYNC = 60
"""Seconds after which the controller has looked at an autoscaler at least once."""
_YOUNG = 90
"""Seconds after the start of a pod for which its metrics may be missing."""
_PREFIX = "the HPA was unable to compute the replica count: "
_MAXIMUM = "TooManyReplicas"


@check(expects=KubernetesExpectation, queries=of_autoscalers_in_cluster)
def inactive(expected: KubernetesExpectation, observed: Cluster) -> Iterator[Finding | Unproven]:
    """The controller can read and scale the target of each autoscaler.

    ## Why it matters
    An autoscaler that cannot act looks like one that need not: its replicas stay. Only its
    conditions distinguish the two, and there is no alert.

    ## How to fix it
    The finding names in plain words what the controller lacks. `kubectl describe hpa` shows the
    same in its own.

    ## Reference
    https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale-walkthrough/#appendix-horizontal-pod-autoscaler-status-conditions
    """
    for refused in observed.refused(["HorizontalPodAutoscaler"]):
        yield Unproven(refused)
    for each in observed.autoscalers():
        if each.hpa is not None:
            yield from _judged(each.hpa, each, observed.now)
        elif observed.knows(each.declared):
            yield _absent(each, observed)


def _judged(hpa: Manifest, each: Autoscaled, now: float) -> Iterator[Finding | Unproven]:
    conditions = {e.get("type"): e for _, e in items(hpa.get("status", "conditions"))}
    if not conditions:
        yield _unseen(hpa, now)
    for kind in ("AbleToScale", "ScalingActive"):
        found = conditions.get(kind)
        if found is not None and found.get("status") == "False":
            yield _stuck(hpa, each, str(found.get("reason")), str(found.get("message")), now)
            return
    limited = conditions.get("ScalingLimited", {})
    if limited.get("status") == "True" and limited.get("reason") == _MAXIMUM:
        yield Finding(
            what=f"{hpa} is held at its maximum of {hpa.get('spec', 'maxReplicas')} replicas",
            where=hpa.locate(),
            why="its metrics ask for more (`ScalingLimited`)",
            fix="raise `maxReplicas`, if the nodes have room.",
            severity=Severity.WARNING,
        )


def _stuck(
    hpa: Manifest, each: Autoscaled, reason: str, message: str, now: float
) -> Finding | Unproven:
    known = advice(reason, message)
    ages = (now - _when(pod.get("status", "startTime"), now) for pod in each.pods)
    passes = known.passes and min(ages, default=0.0) < _YOUNG
    finding = Finding(
        what=f"{hpa} cannot act: {known.what}",
        where=hpa.locate(),
        why=f"`{reason}`: {message.removeprefix(_PREFIX)}",
        fix="wait for a minute: a pod that has just started is not measured."
        if passes
        else known.fix,
        follows=(Subject("autoscaler", f"{hpa}"),),
    )
    return Unproven(finding) if passes else finding


def _unseen(hpa: Manifest, now: float) -> Finding | Unproven:
    age = now - _when(hpa.get("metadata", "creationTimestamp"), now)
    finding = Finding(
        what=f"the controller has not looked at {hpa} yet, {age:.0f} s after it was made",
        where=hpa.locate(),
        why="it has no conditions; the controller looks once in a sync period, mostly 15 s",
        fix="look again in a minute; after that, see whether kube-controller-manager runs.",
    )
    return finding if age > _FIRST_SYNC else Unproven(finding)


def _absent(each: Autoscaled, observed: Cluster) -> Finding:
    namespace = observed.declared.namespace_of(each.declared)
    there = [str(hpa) for hpa in observed.objects(each.declared.kind, namespace)]
    return Finding(
        what=f"{each.declared} is not in the cluster",
        where=each.declared.locate("metadata", "name"),
        why=f"the namespace `{namespace}` has {', '.join(there) or 'no autoscaler'}",
        fix=f"apply it: `kubectl apply -f {each.declared.source}`.",
        breaks=(Subject("autoscaler", f"{each.declared}"),),
    )


def _when(stated: object, otherwise: float) -> float:
    return otherwise if stated is None else datetime.fromisoformat(str(stated)).timestamp()
