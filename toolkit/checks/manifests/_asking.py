"""The question most checks of manifests ask."""

from __future__ import annotations

from collections.abc import Mapping

from toolkit.evidence.manifests import Manifests, manifests
from toolkit.model.contract import Scope
from toolkit.model.expectations.kubernetes import KubernetesExpectation
from toolkit.model.queries import Query

__all__ = ["of_manifests"]


def of_manifests(expected: KubernetesExpectation, scope: Scope) -> Mapping[str, Query[Manifests]]:
    """All objects the contract names."""
    query = manifests(expected)
    return {"": query} if query else {}
