"""Live objects differ from the manifests."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.checks._manifests import of_cluster
from toolkit.evidence.kubernetes.cluster import COMPARED, Cluster
from toolkit.findings import Finding, Mark, Subject, Unproven
from toolkit.kubernetes.drift import LiveDifference, differences, dotted
from toolkit.kubernetes.manifests import Manifest
from toolkit.model.expectations.kubernetes import KubernetesExpectation

_PARTS = ("metadata", "spec")
_OTHERS = 3
"""So many further places are named."""


@check(expects=KubernetesExpectation, queries=of_cluster)
def cluster_drift(
    expected: KubernetesExpectation, observed: Cluster
) -> Iterator[Finding | Unproven]:
    """Workloads, Services and autoscalers of the cluster have all that their manifests set.

    ## Why it matters
    All else was proved of the manifests. What was edited in the cluster, or forgot to
    apply, was not: it holds until the next `kubectl apply` takes it away.

    ## How to fix it
    Apply the manifests, or write into them what was changed. `kubectl diff -f` shows all of it.

    ## Reference
    https://kubernetes.io/docs/reference/kubectl/generated/kubectl_diff/
    """
    yield from map(Unproven, observed.refused(COMPARED))
    for declared in observed.declared.of(*COMPARED):
        if not observed.knows(declared) or not _comparable(declared):
            continue
        live = observed.find(
            declared.kind, observed.declared.namespace_of(declared), declared.name
        )
        if live is None:
            yield _absent(declared, observed)
        elif found := list(_found(declared, live, observed)):
            yield _differs(declared, live, found)


def _comparable(declared: Manifest) -> bool:
    """Return True if the API version of the manifest is that of the query."""
    return declared.api_version != "autoscaling/v1"


def _found(declared: Manifest, live: Manifest, observed: Cluster) -> Iterator[LiveDifference]:
    scaled = observed.declared.scaler(declared) is not None
    for part in _PARTS:
        for each in differences(declared.written.get(part), live.get(part), (part,)):
            if not (scaled and each.path == ("spec", "replicas")):
                yield each


def _differs(declared: Manifest, live: Manifest, found: list[LiveDifference]) -> Finding:
    first, *others = found
    also = ", ".join(f"`{dotted(each.path)}`" for each in others[:_OTHERS])
    more = f", and {len(others) - _OTHERS} more" if len(others) > _OTHERS else ""
    return Finding(
        what=f"{declared} differs in the cluster: `{dotted(first.path)}` {_said(first)}",
        where=declared.locate_value(*first.path),
        why="it was changed in the cluster, or the manifest was not applied"
        + (f"; the same goes for {also}{more}" if others else ""),
        fix=f"see `kubectl diff -f {declared.source}`, and apply it or take the change over.",
        marks=(Mark("cluster", live.locate()),),
    )


def _said(difference: LiveDifference) -> str:
    """Return the difference; values of variables may be secrets, and large ones are no help."""
    if difference.live is None:
        return "is missing"
    if "env" in difference.path or isinstance(difference.declared, dict | list):
        return "is not as in the manifest"
    return f"is `{difference.live}`, not `{difference.declared}`"


def _absent(declared: Manifest, observed: Cluster) -> Finding:
    namespace = observed.declared.namespace_of(declared)
    return Finding(
        what=f"{declared} is not in the cluster",
        where=declared.locate("metadata", "name"),
        why=f"the namespace `{namespace}` of {observed.context} has none of that name",
        fix=f"apply it: `kubectl apply -f {declared.source}`.",
        follows=(Subject("autoscaler", f"{declared}"),),
    )
