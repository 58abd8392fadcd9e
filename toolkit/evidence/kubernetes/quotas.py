"""The sums that ResourceQuotas allow, and those of the pods in their namespaces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from toolkit.evidence.kubernetes.manifests import Manifests
from toolkit.kubernetes.manifests import Manifest, items
from toolkit.kubernetes.quantities import milli, shown
from toolkit.kubernetes.requests import amounts, own, total
from toolkit.kubernetes.selectors import selects
from toolkit.kubernetes.workloads import Container, containers, pod_spec, surge

_PLAIN = ("cpu", "memory", "ephemeral-storage")
"""Resources whose bare names mean their requests."""
_DEMANDED = ("cpu", "memory")


@dataclass(frozen=True, slots=True)
class QuotaShare:
    """The pods of one workload, and what each of them takes of a quota."""

    workload: Manifest
    pods: int
    """Maximum number of pods."""
    surge: int
    """Number of pods that a rolling update adds for a while."""
    each: Decimal


@dataclass(frozen=True, slots=True)
class Quota:
    """One entry of a ResourceQuota, and what takes from it."""

    manifest: Manifest
    key: str
    """Such as ``pods`` or ``requests.memory``."""
    most: Decimal
    shares: tuple[QuotaShare, ...]

    @property
    def used(self) -> Decimal:
        """The sum over all pods."""
        return sum((each.pods * each.each for each in self.shares), Decimal())

    @property
    def update(self) -> Decimal:
        """The most that the rolling update of one workload takes in addition."""
        return max((each.surge * each.each for each in self.shares), default=Decimal())

    @property
    def lacking(self) -> Iterator[Container]:
        """The containers without a request or limit that it demands: their pods are refused."""
        kind, resource = _resource(self.key)
        if resource not in _DEMANDED:
            return
        for share in self.shares:
            spec = pod_spec(share.workload)
            if own(spec, "requests") or own(spec, "limits"):
                if resource not in total(spec, kind):
                    yield next(containers(share.workload))
                continue
            for container in containers(share.workload):
                stated = container.request if kind == "requests" else container.limit
                if stated(resource) is None:
                    yield container

    def shown(self, quantity: Decimal) -> str:
        """Return a quantity in the notation of manifests."""
        if quantity == quantity.to_integral_value() and self.key == "pods":
            return str(int(quantity))
        return shown(milli(quantity), binary="cpu" not in self.key)


def quotas(found: Manifests) -> Iterator[Quota]:
    """Yield the entries of all ResourceQuotas on pods, their requests and limits."""
    for manifest in found.of("ResourceQuota"):
        pods = [
            each
            for each in found.workloads()
            if found.surely_together(manifest, each) and _in_scope(manifest, pod_spec(each))
        ]
        for key, most in amounts(manifest.get("spec", "hard")).items():
            if _resource(key)[1]:
                shares = (_share(found, key, each) for each in pods)
                yield Quota(manifest, key, most, tuple(shares))


def _share(found: Manifests, key: str, workload: Manifest) -> QuotaShare:
    kind, resource = _resource(key)
    pods = found.replicas(workload)
    each = total(pod_spec(workload), kind).get(resource, Decimal())
    each = Decimal(1) if resource == "pods" else each
    return QuotaShare(workload, pods, surge(workload, pods), each)


def _resource(key: str) -> tuple[str, str]:
    """Return which list of a pod an entry means, and which resource; empty for other objects.

    >>> _resource("limits.cpu"), _resource("memory"), _resource("count/pods")
    (('limits', 'cpu'), ('requests', 'memory'), ('', 'pods'))
    """
    if key in ("pods", "count/pods"):
        return "", "pods"
    if key in _PLAIN:
        return "requests", key
    kind, _, resource = key.partition(".")
    return (
        (kind, resource) if kind in ("requests", "limits") and resource != "storage" else ("", "")
    )


def _in_scope(quota: Manifest, spec: Mapping[str, Any]) -> bool:
    """Return True if a quota counts pods with this spec."""
    bounded = spec.get("activeDeadlineSeconds") is not None
    asking = bool(total(spec, "requests") or total(spec, "limits"))
    matches = {
        "Terminating": bounded,
        "NotTerminating": not bounded,
        "BestEffort": not asking,
        "NotBestEffort": asking,
        "PriorityClass": bool(spec.get("priorityClassName")),
    }
    scopes = quota.get("spec", "scopes")
    whole = all(matches.get(str(e), False) for e in (scopes if isinstance(scopes, list) else ()))
    labels = {"PriorityClass": spec["priorityClassName"]} if matches["PriorityClass"] else {}
    selected = items(quota.get("spec", "scopeSelector", "matchExpressions"))
    return whole and all(
        selects({"matchExpressions": [{**each, "key": "PriorityClass"}]}, labels)
        if each.get("scopeName") == "PriorityClass"
        else matches.get(str(each.get("scopeName")), False)
        for _, each in selected
    )
