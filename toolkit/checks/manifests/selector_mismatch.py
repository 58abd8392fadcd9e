"""A selector takes no pod, or a port has no counterpart."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from toolkit.checks import check
from toolkit.checks._manifests import counted
from toolkit.evidence.kubernetes.manifests import Manifests, manifests
from toolkit.findings import Finding, Subject, Unproven
from toolkit.kubernetes.manifests import Manifest, items
from toolkit.kubernetes.selectors import counterpart, resembles, selects, shown
from toolkit.kubernetes.workloads import KINDS, containers, pod_labels
from toolkit.languages.positioned import Path
from toolkit.model.contract import Scope
from toolkit.model.expectations.kubernetes import KubernetesExpectation
from toolkit.model.queries import Query

_SELECTORS: tuple[tuple[str, Path], ...] = (
    ("Service", ("spec", "selector")),
    ("PodDisruptionBudget", ("spec", "selector")),
    ("NetworkPolicy", ("spec", "podSelector")),
)


def _selecting(found: Manifests) -> Iterator[Manifest]:
    for kind, path in _SELECTORS:
        yield from (each for each in found.of(kind) if each.get(*path))


def _queries(expected: KubernetesExpectation, scope: Scope) -> Query[Manifests] | None:
    kinds = (*dict(_SELECTORS), *KINDS)
    return counted(manifests(expected, scope), "selectors", _selecting, *kinds)


@check(expects=KubernetesExpectation, queries=_queries)
def selector_mismatch(
    expected: KubernetesExpectation, observed: Manifests
) -> Iterator[Finding | Unproven]:
    """Every selector takes pods that exist, and every named port of a Service is one of theirs.

    ## Why it matters
    A Service whose selector takes nothing has no endpoints: connections are refused, and
    neither `kubectl apply` nor the Service itself reports why.

    ## How to fix it
    Make the selector equal to the labels of the pod template.

    ## Reference
    https://kubernetes.io/docs/concepts/services-networking/service/#services-in-kubernetes
    """
    for kind, path in _SELECTORS:
        for manifest in observed.of(kind):
            if manifest.get(*path):
                yield from _takes_something(observed, manifest, path)


def _takes_something(
    observed: Manifests, manifest: Manifest, path: Path
) -> Iterator[Finding | Unproven]:
    selector = manifest.get(*path)
    near = [each for each in observed.workloads() if observed.together(manifest, each)]
    taken = [each for each in near if selects(selector, pod_labels(each))]
    if taken:
        yield from _ports(manifest, taken) if manifest.kind == "Service" else ()
        return
    makers = observed.makers(manifest)
    finding = Finding(
        what=f"the selector of {manifest} takes no pod: `{shown(selector)}`",
        where=manifest.locate(*path),
        why=_labels_there(observed, manifest, selector, near),
        fix=_fix(near, makers),
        breaks=(Subject("selector", f"{manifest}"),),
    )
    labels = (pod_labels(each) for each in near)
    known = any(observed.surely_together(manifest, each) for each in near)
    elsewhere = observed.elsewhere(manifest, *KINDS)
    meant = any(resembles(selector, each) for each in labels)
    yield finding if (known and not elsewhere) or meant else Unproven(finding)


def _labels_there(
    observed: Manifests, manifest: Manifest, selector: Any, near: list[Manifest]
) -> str:
    labels = [f"{each} {counterpart(selector, pod_labels(each))}" for each in near[:3]]
    makers = [f"pods of {each} are not known" for each in observed.makers(manifest)[:2]]
    nothing = f"no workload goes to `{observed.namespace_of(manifest)}`"
    return "; ".join([*labels, *makers]) or nothing


def _fix(near: list[Manifest], makers: list[Manifest]) -> str:
    if makers or not near:
        return "add the manifest that deploys these pods, or correct the selector."
    whose = f"{near[0]}'s pods" if len(near) == 1 else "a pod template"
    return f"make the selector equal to the labels of {whose}."


def _ports(service: Manifest, taken: list[Manifest]) -> Iterator[Finding]:
    """Yield a finding for each name that no container has; a number need not be declared."""
    named = [
        str(port["name"])
        for workload in taken
        for container in containers(workload)
        for _, port in container.ports()
        if port.get("name")
    ]
    for index, port in items(service.get("spec", "ports")):
        target = port.get("targetPort")
        if not isinstance(target, str) or target in named:
            continue
        near = get_close_matches(target, named, n=1)
        yield Finding(
            what=f"port `{target}` of {service} is no port of its pods",
            where=service.locate("spec", "ports", index, "targetPort"),
            why=f"the containers declare {', '.join(named) or 'no such ports'}",
            fix=f"did you mean `{near[0]}`?" if near else "name a port that a container declares.",
            breaks=(Subject("port", f"{target} of {service}"),),
        )
