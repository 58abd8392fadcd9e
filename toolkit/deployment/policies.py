"""NetworkPolicies that do not admit a connection between two pods.

Source: Kubernetes documentation, "Network Policies": what no policy selects is open, and of
several policies one that admits is enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from toolkit.deployment.site import Site
from toolkit.kubernetes.manifests import Manifest, items
from toolkit.kubernetes.selectors import selects


def forbidding(
    policies: Sequence[Manifest], source: Site, target: Site, port: int
) -> Manifest | None:
    """Return a policy by which a connection is not admitted, if there is one.

    What depends on the labels of namespaces or on addresses counts as admitted.

    Args:
        policies: All NetworkPolicies.
        source: The site that connects.
        target: The site that listens.
        port: The number of its port.
    """
    for kind, own, other in (("Ingress", target, source), ("Egress", source, target)):
        holding = [each for each in policies if _applies(each, kind, own)]
        rules = [(each, rule) for each in holding for rule in _rules(each, kind)]
        if holding and not any(
            _admits_pod(each, rule, kind, other) and _admits_port(rule, target, port)
            for each, rule in rules
        ):
            return holding[0]
    return None


def _applies(policy: Manifest, kind: str, site: Site) -> bool:
    stated = policy.get("spec", "policyTypes")
    kinds = stated if isinstance(stated, list) else ["Ingress"]
    beside = PurePosixPath(policy.source).parent == PurePosixPath(site.origin.source).parent
    there = policy.namespace == site.namespace and (policy.namespace is not None or beside)
    return kind in kinds and there and selects(policy.get("spec", "podSelector"), site.labels)


def _rules(policy: Manifest, kind: str) -> Iterator[Mapping[str, Any]]:
    return (rule for _, rule in items(policy.get("spec", kind.lower())))


def _admits_pod(policy: Manifest, rule: Mapping[str, Any], kind: str, other: Site) -> bool:
    peers = [peer for _, peer in items(rule.get("from" if kind == "Ingress" else "to"))]
    return not peers or any(_is_peer(policy, peer, other) for peer in peers)


def _is_peer(policy: Manifest, peer: Mapping[str, Any], other: Site) -> bool:
    if "ipBlock" in peer:
        return True
    pods = peer.get("podSelector")
    same = "namespaceSelector" in peer or policy.namespace in (None, other.namespace)
    return same and (pods is None or selects(pods, other.labels))


def _admits_port(rule: Mapping[str, Any], target: Site, port: int) -> bool:
    stated = [each for _, each in items(rule.get("ports"))]
    names = {each.name for each in target.ports if each.number == port}
    return not stated or any(_is_port(each, port, names) for each in stated)


def _is_port(stated: Mapping[str, Any], port: int, names: set[str]) -> bool:
    first, last = stated.get("port"), stated.get("endPort")
    if isinstance(first, int):
        return first <= port <= (last if isinstance(last, int) else first)
    return first is None or first in names
