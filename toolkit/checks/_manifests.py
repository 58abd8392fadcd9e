"""Queries that the checks of manifests, and of their live objects, share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from toolkit.evidence.kubernetes.manifests import Manifests, RelevantManifests, manifests
from toolkit.kubernetes.workloads import KINDS
from toolkit.model.contract import Scope
from toolkit.model.expectations.kubernetes import KubernetesExpectation
from toolkit.model.queries import Query, SubjectsOf

if TYPE_CHECKING:
    from toolkit.evidence.kubernetes.cluster import Cluster, ClusterIn

_CLUSTER = "cluster"
_SCALERS = ("HorizontalPodAutoscaler", "ScaledObject")


def of_manifests(expected: KubernetesExpectation, scope: Scope) -> Query[Manifests] | None:
    """All objects the contract names."""
    found = manifests(expected, scope)
    return found and RelevantManifests(found)


def of_manifests_and_cluster(
    expected: KubernetesExpectation, scope: Scope
) -> Mapping[str, Query[Manifests]]:
    """All objects the contract names, and in a live run those of the cluster."""
    declared, found = of_manifests(expected, scope), _in_cluster(expected, scope)
    asked = {"": declared, _CLUSTER: found.running() if found else None}
    return {source: query for source, query in asked.items() if query}


def counted(
    found: Query[Manifests] | None,
    unit: str,
    subjects: Callable[[Manifests], Iterable[object]],
    *kinds: str,
    promised: bool = False,
) -> Query[Manifests] | None:
    """The objects, counted by what a check looks at; what may hold more of it is in doubt.

    Args:
        found: All objects.
        unit: What is counted, in the plural.
        subjects: Returns what is counted; a function with a name, so that equal queries are equal.
        kinds: The kinds of objects that it is in, or that it is made of.
        promised: True if the contract promises that there are some.
    """
    return found and SubjectsOf(RelevantManifests(found, kinds), subjects, unit, promised)


def _autoscalers(found: Manifests) -> Iterable[object]:
    return found.scalers


def of_autoscalers(expected: KubernetesExpectation, scope: Scope) -> Query[Manifests] | None:
    """All objects the contract names, for what is asked of each autoscaler."""
    return counted(manifests(expected, scope), "autoscalers", _autoscalers, *_SCALERS)


def of_autoscalers_and_cluster(
    expected: KubernetesExpectation, scope: Scope
) -> Mapping[str, Query[Manifests]]:
    """The same, and in a live run those of the cluster."""
    asked = {**of_manifests_and_cluster(expected, scope), "": of_autoscalers(expected, scope)}
    if running := asked.get(_CLUSTER):
        asked[_CLUSTER] = SubjectsOf(running, _autoscalers, "live autoscalers")
    return {source: query for source, query in asked.items() if query}


def of_node(expected: KubernetesExpectation, scope: Scope) -> Query[Manifests] | None:
    """Return the query for the workloads of the contract's node; None if there is none."""
    if expected.node is None:
        return None
    found = manifests(expected, scope)
    return counted(found, "workloads", Manifests.workloads, *KINDS, promised=True)


def of_cluster(expected: KubernetesExpectation, scope: Scope) -> Mapping[str, Query[Cluster]]:
    """Return the query for the live objects of the manifests; empty in an offline run."""
    found = _in_cluster(expected, scope)
    return {_CLUSTER: found} if found else {}


def of_autoscalers_in_cluster(
    expected: KubernetesExpectation, scope: Scope
) -> Mapping[str, Query[Cluster]]:
    """The same, for what is asked of each autoscaler."""
    found = of_cluster(expected, scope)
    return {
        source: SubjectsOf(query, _live_autoscalers, "live autoscalers")
        for source, query in found.items()
    }


def _live_autoscalers(found: Cluster) -> Iterable[object]:
    return found.autoscalers()


def _in_cluster(expected: KubernetesExpectation, scope: Scope) -> ClusterIn | None:
    if "kubernetes" not in scope.live:
        return None
    # Only few runs are live.
    from toolkit.evidence.kubernetes.cluster import in_cluster

    return in_cluster(expected, scope)
