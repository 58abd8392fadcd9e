"""The question of checks that hold for manifests and for what runs alike."""

from __future__ import annotations

from collections.abc import Mapping

from toolkit.checks.manifests._asking import of_manifests
from toolkit.evidence.cluster import Cluster, RunningIn, in_cluster
from toolkit.evidence.manifests import Manifests
from toolkit.model.contract import Scope
from toolkit.model.expectations.kubernetes import KubernetesExpectation
from toolkit.model.queries import Query

__all__ = ["CLUSTER", "of_cluster", "of_manifests_and_cluster"]

CLUSTER = "cluster"
"""The name of the source that runs."""


def of_manifests_and_cluster(
    expected: KubernetesExpectation, scope: Scope
) -> Mapping[str, Query[Manifests]]:
    """All objects the contract names; and what runs of them, where a cluster is asked."""
    found = in_cluster(expected, scope)
    live = {CLUSTER: RunningIn(found)} if found else {}
    return {**of_manifests(expected, scope), **live}


def of_cluster(expected: KubernetesExpectation, scope: Scope) -> Mapping[str, Query[Cluster]]:
    """What a cluster has of the manifests; nothing in a run that asks none."""
    found = in_cluster(expected, scope)
    return {CLUSTER: found} if found else {}
