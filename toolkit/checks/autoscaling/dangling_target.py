"""An autoscaler scales something that does not exist, or cannot be scaled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches

from toolkit.checks import check
from toolkit.checks._manifests import of_autoscalers_and_cluster
from toolkit.evidence.kubernetes.manifests import Manifests, Scaler
from toolkit.findings import Finding, Subject, Unproven
from toolkit.kubernetes.manifests import Manifest, dig, items, mapping
from toolkit.kubernetes.selectors import alike
from toolkit.kubernetes.workloads import KINDS, has_scale
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
        stated = mapping(scaler.hpa.get("spec", "scaleTargetRef"))
        if why := _no_scale(scaler, observed):
            yield _broken(
                scaler,
                "kind",
                what=f"{scaler.hpa} scales a {stated.get('kind')}, which cannot be scaled",
                why=why,
                fix="scale a workload that has `replicas`, or remove the autoscaler.",
            )
        elif scaler.target is None:
            yield _nothing(scaler, observed)
        elif _group(stated.get("apiVersion")) != _group(scaler.target.api_version):
            yield _broken(
                scaler,
                "apiVersion",
                what=f"{scaler.hpa} scales a {stated.get('kind')} of `{stated.get('apiVersion')}`",
                why=f"{scaler.target} is of `{scaler.target.api_version}`",
                fix=f"write `apiVersion: {scaler.target.api_version}`.",
            )
        elif _apart(scaler.hpa, scaler.target, observed):
            yield _broken(
                scaler,
                "name",
                what=f"{scaler.hpa} has no namespace, and its target is in "
                f"`{scaler.target.namespace}`",
                why=f"an autoscaler scales what is in its own namespace, and {scaler.target} of "
                "the same file goes elsewhere",
                fix=f"write `namespace: {scaler.target.namespace}` in its metadata.",
            )


def _no_scale(scaler: Scaler, observed: Manifests) -> str:
    """Return the reason why no object of the target's kind can be scaled; empty if some can."""
    stated = mapping(scaler.hpa.get("spec", "scaleTargetRef"))
    group, kind = _group(stated.get("apiVersion")), str(stated.get("kind"))
    if "." not in group:
        known = scaler.target is not None or kind in KINDS
        known = known and not any(has_scale(each, kind) for each in ("", "apps"))
        return f"a {kind} has no number of replicas that could be set" if known else ""
    for each in observed.of("CustomResourceDefinition"):
        if (each.get("spec", "group"), each.get("spec", "names", "kind")) == (group, kind):
            versions = [version for _, version in items(each.get("spec", "versions"))]
            if not any(dig(version, "subresources", "scale") for version in versions):
                return f"{each} has no `subresources.scale`"
    return ""


def _apart(hpa: Manifest, target: Manifest, observed: Manifests) -> bool:
    """Return True if one file puts the target into a namespace, and not its autoscaler."""
    open_ended = hpa.namespace is None and observed.namespace is None
    return open_ended and target.namespace is not None and hpa.source == target.source


def _broken(scaler: Scaler, key: str, *, what: str, why: str, fix: str) -> Finding:
    """Return a finding at a key of the autoscaler's ``scaleTargetRef``."""
    where = scaler.hpa.locate("spec", "scaleTargetRef", key)
    return Finding(what, where, why, fix, breaks=(Subject("autoscaler", f"{scaler.hpa}"),))


def _group(api_version: object) -> str:
    """The API group, which is all of the version that the autoscaler looks at."""
    return str(api_version or "").rpartition("/")[0]


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
    finding = _broken(
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
