"""The requests and limits of a pod, which are those of its containers together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from toolkit.kubernetes.manifests import dig, items, mapping
from toolkit.kubernetes.quantities import amount, is_quantity

Amounts: TypeAlias = Mapping[str, Decimal]
"""Quantities in their base units, by resource."""


def amounts(stated: Any) -> dict[str, Decimal]:
    """Return the quantities of a mapping; malformed ones, reported elsewhere, are left out."""
    return {key: amount(each) for key, each in mapping(stated).items() if is_quantity(each)}


_OF_PODS = ("cpu", "memory", "hugepages-")


def own(spec: Mapping[str, Any], key: str) -> dict[str, Decimal]:
    """Return what a pod states for itself, beside its containers; empty before Kubernetes 1.34.

    Args:
        spec: The spec of a pod.
        key: ``requests`` or ``limits``.
    """
    stated = amounts(dig(spec, "resources", key))
    return {name: of for name, of in stated.items() if name.startswith(_OF_PODS)}


def total(spec: Mapping[str, Any], key: str) -> dict[str, Decimal]:
    """Return the requests or limits of a whole pod, its overhead included, by resource.

    What the pod states for itself has precedence over the sum of its containers. Overhead does
    not limit what is not limited.

    Args:
        spec: The spec of a pod, with its defaults.
        key: ``requests`` or ``limits``.
    """
    whole, overhead = aggregate(spec, key) | own(spec, key), amounts(spec.get("overhead"))
    if key == "limits":
        overhead = {name: of for name, of in overhead.items() if whole.get(name)}
    return _added([whole, overhead])


def aggregate(spec: Mapping[str, Any], key: str) -> dict[str, Decimal]:
    """Return what the containers of a pod's spec state together, by resource.

    Containers run together, sidecars with them; other init containers run one by one before,
    each beside the sidecars that were started before it.

    Args:
        spec: The spec of a pod.
        key: ``requests`` or ``limits``.
    """
    starting: dict[str, Decimal] = {}
    sidecars: dict[str, Decimal] = {}
    for _, container in items(spec.get("initContainers")):
        together = _added([sidecars, amounts(dig(container, "resources", key))])
        if container.get("restartPolicy") == "Always":
            sidecars = together
        starting = _highest(starting, together)
    running = (amounts(dig(each, "resources", key)) for _, each in items(spec.get("containers")))
    return _highest(_added([sidecars, *running]), starting)


def _highest(one: Amounts, other: Amounts) -> dict[str, Decimal]:
    return {key: max(of, one.get(key, of)) for key, of in {**one, **other}.items()}


def _added(several: Iterable[Amounts]) -> dict[str, Decimal]:
    total: dict[str, Decimal] = {}
    for each in several:
        total |= {key: total.get(key, Decimal()) + of for key, of in each.items()}
    return total
