"""The addresses in the variables of pods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toolkit.evidence.kubernetes.manifests import Manifests, manifests
from toolkit.model.contract import Scope
from toolkit.model.expectations.kubernetes import KubernetesExpectation
from toolkit.model.queries import Answer, Derived, Query

if TYPE_CHECKING:
    from toolkit.evidence.connections import Connection


@dataclass(frozen=True, slots=True)
class PodConnections(Derived["tuple[Connection, ...]"]):
    """Look up who listens at each address that the variables of pods name."""

    manifests: Query[Manifests]

    def derive(self, found: Answer[Manifests]) -> Answer[tuple[Connection, ...]]:
        known: tuple[Connection, ...] = ()
        if any(found.evidence.of("Service")):
            # What follows an address knows the configurations of all programs.
            from toolkit.evidence.connections import among_pods

            known = among_pods(found.evidence)
        return Answer(known, found.origin, len(known), "connections", promised=False)


def pod_connections(
    expected: KubernetesExpectation, scope: Scope
) -> Query[tuple[Connection, ...]] | None:
    """Return the query for the connections of the contract's pods; None without manifests."""
    found = manifests(expected, scope)
    return PodConnections(found) if found else None
