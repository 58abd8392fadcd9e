"""A selector takes no pod, or a port has no counterpart."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from toolkit.checks import check
from toolkit.checks.manifests._asking import of_manifests
from toolkit.evidence.manifests import Manifests
from toolkit.findings import Finding
from toolkit.kubernetes.manifests import Manifest, Path
from toolkit.kubernetes.selectors import selects
from toolkit.kubernetes.workloads import containers, pod_labels
from toolkit.model.expectations.kubernetes import KubernetesExpectation

__all__ = ["selector_mismatch"]

_SELECTORS: tuple[tuple[str, Path], ...] = (
    ("Service", ("spec", "selector")),
    ("PodDisruptionBudget", ("spec", "selector")),
    ("NetworkPolicy", ("spec", "podSelector")),
    ("PodMonitor", ("spec", "selector")),
)


@check(expects=KubernetesExpectation, asks=of_manifests)
def selector_mismatch(expected: KubernetesExpectation, observed: Manifests) -> Iterator[Finding]:
    """Every selector takes pods that exist, and every port of a Service leads to one of theirs.

    ## Why it matters
    A Service whose selector takes nothing has no endpoints: connections are refused, and
    neither `kubectl apply` nor the Service itself says why.

    ## How to fix it
    Make the selector equal to the labels of the pod template.

    ## Reference
    https://kubernetes.io/docs/concepts/services-networking/service/#services-in-kubernetes
    """
    for kind, path in _SELECTORS:
        for manifest in observed.of(kind):
            yield from _takes_something(observed, manifest, path)
    for workload in observed.workloads():
        yield from _takes_its_own(workload)


def _takes_something(observed: Manifests, manifest: Manifest, path: Path) -> Iterator[Finding]:
    selector = manifest.get(*path)
    if not selector:
        return
    near = [each for each in observed.workloads() if observed.together(manifest, each)]
    taken = [each for each in near if selects(selector, pod_labels(each))]
    if not taken:
        shown = ", ".join(f"{k}={v}" for k, v in _plain(selector).items())
        yield Finding(
            what=f"the selector of {manifest} takes no pod: `{shown}`",
            where=manifest.locate(*path),
            why=_labels_there(near),
            fix="make the selector equal to the labels of the pod template.",
            breaks=(f"selector {manifest}",),
        )
    elif manifest.kind == "Service":
        yield from _ports(manifest, taken)


def _plain(selector: dict[str, Any]) -> dict[str, Any]:
    equal: dict[str, Any] = selector.get("matchLabels", selector)
    return equal


def _labels_there(near: list[Manifest]) -> str:
    labels = [
        f"{each} has {', '.join(f'{k}={v}' for k, v in pod_labels(each).items()) or 'no labels'}"
        for each in near[:2]
    ]
    return "; ".join(labels) or "there is no workload in that namespace"


def _ports(service: Manifest, taken: list[Manifest]) -> Iterator[Finding]:
    named = {
        str(port.get("name"))
        for workload in taken
        for container in containers(workload)
        for port in container.body.get("ports") or ()
    }
    for index, port in enumerate(service.get("spec", "ports") or ()):
        target = port.get("targetPort")
        if isinstance(target, str) and target not in named:
            near = get_close_matches(target, sorted(named), n=1)
            yield Finding(
                what=f"port `{target}` of {service} is no port of its pods",
                where=service.locate("spec", "ports", index, "targetPort"),
                why=f"the containers have {', '.join(sorted(named)) or 'no named ports'}",
                fix=f"did you mean `{near[0]}`?" if near else "name a port that a container has.",
            )


def _takes_its_own(workload: Manifest) -> Iterator[Finding]:
    selector = workload.get("spec", "selector")
    if isinstance(selector, dict) and selector and not selects(selector, pod_labels(workload)):
        yield Finding(
            what=f"{workload} does not select the pods it makes",
            where=workload.locate("spec", "selector"),
            why="the API server refuses it: selector and template labels must agree",
            fix="make `selector.matchLabels` equal to the template's labels.",
        )
