"""An autoscaler scales something that does not exist."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from toolkit.checks import check
from toolkit.checks._manifests import of_manifests_and_cluster
from toolkit.evidence.kubernetes.manifests import Manifests, Scaler
from toolkit.findings import Finding
from toolkit.kubernetes.manifests import Manifest, mapping
from toolkit.model.expectations.kubernetes import KubernetesExpectation


@check(expects=KubernetesExpectation, queries=of_manifests_and_cluster)
def dangling_target(expected: KubernetesExpectation, observed: Manifests) -> Iterator[Finding]:
    """Every autoscaler scales a workload that is deployed with it.

    ## Why it matters
    The autoscaler is accepted whatever its target is called. It shows `<unknown>` and
    FailedGetScale, and the service stays at one replica under load.

    ## How to fix it
    Make `scaleTargetRef` name the workload: API version, kind, name, and the same namespace.

    ## Reference
    https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/
    """
    for scaler in observed.scalers():
        stated = mapping(scaler.hpa.get("spec", "scaleTargetRef"))
        if scaler.target is None:
            yield _nothing(scaler, observed)
        elif _group(stated.get("apiVersion")) != _group(scaler.target.api_version):
            yield Finding(
                what=f"{scaler.hpa} scales a {stated.get('kind')} of `{stated.get('apiVersion')}`",
                where=scaler.hpa.locate("spec", "scaleTargetRef", "apiVersion"),
                why=f"{scaler.target} is of `{scaler.target.api_version}`",
                fix=f"write `apiVersion: {scaler.target.api_version}`.",
                breaks=(f"scaler {scaler.hpa}",),
            )


def _group(api_version: object) -> str:
    """The API group, which is all of the version that the autoscaler looks at."""
    return str(api_version or "").rpartition("/")[0]


def _nothing(scaler: Scaler, observed: Manifests) -> Finding:
    hpa = scaler.hpa
    wanted = mapping(hpa.get("spec", "scaleTargetRef"))
    kind, name = wanted.get("kind"), wanted.get("name")
    there = [each for each in observed.workloads() if observed.together(hpa, each)]
    alike = [each for each in observed.workloads() if each.name == name]
    where, fix = "name", "name a workload that is deployed with it."
    if near := get_close_matches(str(name), [each.name for each in there], n=1, cutoff=0.4):
        fix = f"did you mean `{near[0]}`?"
    if alike:
        where, fix = _not_quite(hpa, alike[0], observed)
    return Finding(
        what=f"{hpa} scales the {kind} `{name}`, and there is none",
        where=hpa.locate("spec", "scaleTargetRef", where),
        why=f"its namespace has {', '.join(map(str, there)) or 'no workload'}",
        fix=fix,
        breaks=(f"scaler {hpa}",),
    )


def _not_quite(hpa: Manifest, other: Manifest, observed: Manifests) -> tuple[str, str]:
    if observed.together(hpa, other):
        return "kind", f"it is a {other.kind}: write `kind: {other.kind}`."
    return "name", f"put both into one namespace; {other} is in `{observed.namespace_of(other)}`."
