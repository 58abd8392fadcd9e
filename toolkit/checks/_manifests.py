"""The questions that checks of manifests, and of what runs of them, ask."""

from __future__ import annotations

from collections.abc import Mapping

from toolkit.evidence.kubernetes.cluster import Cluster, RunningIn, in_cluster
from toolkit.evidence.kubernetes.manifests import Manifests, manifests
from toolkit.model.contract import Scope
from toolkit.model.expectations.kubernetes import KubernetesExpectation
from toolkit.model.queries import Query

_CLUSTER = "cluster"


def of_manifests(expected: KubernetesExpectation, scope: Scope) -> Query[Manifests] | None:
    """All objects the contract names."""
    return manifests(expected)


def of_manifests_and_cluster(
    expected: KubernetesExpectation, scope: Scope
) -> Mapping[str, Query[Manifests]]:
    """All objects the contract names; and what runs of them, where a cluster is asked."""
    declared, found = manifests(expected), in_cluster(expected, scope)
    live = {_CLUSTER: RunningIn(found)} if found else {}
    return {"": declared, **live} if declared else live


def of_cluster(expected: KubernetesExpectation, scope: Scope) -> Mapping[str, Query[Cluster]]:
    """What a cluster has of the manifests; nothing in a run that asks none."""
    found = in_cluster(expected, scope)
    return {_CLUSTER: found} if found else {}
