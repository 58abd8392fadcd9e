"""An autoscaler scales something that does not exist, or cannot be scaled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches

from toolkit.checks import check
from toolkit.checks._manifests import of_autoscalers_and_cluster
from toolkit.evidence.kubernetes.manifests import Manifests, Scaler
from toolkit.evidence.kubernetes.scale_targets import about_target, wrong_target
from toolkit.findings import Finding, Unproven
from toolkit.kubernetes.manifests import Manifest, mapping
from toolkit.kubernetes.selectors import alike
from toolkit.model.expectations.kubernetes import KubernetesExpectation


@check(expects=KubernetesExpectation, queries=of_autoscalers_and_cluster)
def dangling_target(
    expected: KubernetesExpectation, observed: Manifests
) -> Iterator[Finding | Unproven]:
    """Every autoscaler scales a workload that is deployed with it, and can be scaled.

    ## Why it matters
    The autoscaler is accepted whatever its target is called. It shows `<unknown>` and
    FailedGetScale, and the service stays at one replica under load.

    ## How to fix it
    Make `scaleTargetRef` name the workload: API version, kind, name, and the same namespace. A
    DaemonSet and a Job have no `/scale`; a custom resource has one if its definition says so.

    ## Reference
    https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/
    """
    for scaler in observed.scalers:
        if wrong := wrong_target(scaler, observed):
            yield wrong
        elif scaler.target is None:
            yield _nothing(scaler, observed)


def _nothing(scaler: Scaler, observed: Manifests) -> Finding | Unproven:
    """A fault, if its target is misspelt or its neighbours are known; else it may be elsewhere."""
    hpa = scaler.hpa
    wanted = mapping(hpa.get("spec", "scaleTargetRef"))
    kind, name = str(wanted.get("kind")), str(wanted.get("name"))
    there = [each for each in observed.workloads() if observed.together(hpa, each)]
    same = [each for each in observed.workloads() if each.name == name]
    near = get_close_matches(name, [each.name for each in there], n=1, cutoff=0.4)
    where, fix = "name", "name a workload that is deployed with it."
    if near:
        fix = f"did you mean `{near[0]}`?"
    if same:
        where, fix = _not_quite(hpa, same[0], observed)
    finding = about_target(
        scaler,
        where,
        what=f"{hpa} scales the {kind} `{name}`, which does not exist",
        why=f"its namespace has {', '.join(map(str, there)) or 'no workload'}",
        fix=fix,
    )
    if same or observed.complete or (near and alike(near[0], name)):
        return finding
    neighbours = any(observed.surely_together(hpa, each) for each in there)
    if neighbours and not observed.elsewhere(hpa, kind):
        return finding
    what = f"{hpa} scales the {kind} `{name}`, which no manifest here has"
    fix = "add its manifest; if something else deploys it, accept this under `suppress:`."
    return Unproven(replace(finding, what=what, fix=fix))


def _not_quite(hpa: Manifest, other: Manifest, observed: Manifests) -> tuple[str, str]:
    if observed.together(hpa, other):
        return "kind", f"it is a {other.kind}: write `kind: {other.kind}`."
    return "name", f"put both into one namespace; {other} is in `{observed.namespace_of(other)}`."
