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
