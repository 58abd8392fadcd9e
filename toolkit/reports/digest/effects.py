"""The effect of a finding in one line: names while they fit, else counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from toolkit.findings import Affected, Effect

_ORDER = (
    "field",
    "mapping",
    "data view",
    "Service",
    "ServiceMonitor",
    "PodMonitor",
    "metric",
    "recording rule",
    "alert",
    "panel",
    "autoscaler",
)
"""Kinds in the order in which telemetry passes through them; others come last."""

_ON_THE_WAY = _ORDER[: _ORDER.index("alert")]
"""Intermediate kinds, which are omitted if the line is too long."""

_LATEST = ("alert", "autoscaler")
"""Kinds whose names are replaced by a count last."""

_IMPLIED = ("dashboard", "workload")
"""Kinds that follow from others: panels are on dashboards, autoscalers scale workloads."""

_BARE = ("field", "mapping", "metric")
"""Kinds that need no label before their names."""


@dataclass(slots=True)
class _Tier:
    """All of one kind, by their names or as a count."""

    kind: str
    names: list[str]
    detail: str = ""
    folded: bool = False

    def __str__(self) -> str:
        if self.folded:
            return counted(self.kind for _ in self.names)
        names = ", ".join(f"`{name}`" for name in self.names)
        return f"{_plural(self.kind, len(self.names))} {names}"

    @property
    def worth(self) -> tuple[bool, int]:
        """Return the order of folding: the least important, longest tier first."""
        return self.kind in _LATEST, -len(str(self))


def effect_line(effect: Effect, room: int) -> str:
    """Write an effect in at most ``room`` characters.

    >>> from toolkit.findings import Location
    >>> up, down = (Affected(*each, Location("")) for each in (("metric", "up"), ("alert", "A")))
    >>> effect_line(Effect((up,), (down,)), 80), effect_line(Effect((up,), (down,)), 14)
    ('`up` → alert `A`', '`up` → 1 alert')
    """
    head, tiers = list(_head(effect)), list(_tiers(effect.reached))
    while len(_joined(head, tiers)) > room and any(not tier.folded for tier in tiers):
        min((tier for tier in tiers if not tier.folded), key=lambda tier: tier.worth).folded = True
    while len(_joined(head, tiers)) > room and any(tier.kind in _ON_THE_WAY for tier in tiers):
        tiers.remove(next(tier for tier in tiers if tier.kind in _ON_THE_WAY))
    line = _joined(head, tiers)
    return line if len(line) <= room else f"{line[: room - 1]}…"


def counted(kinds: Iterable[str]) -> str:
    """Return the number of each kind.

    >>> counted(["alert", "saved search", "alert", "saved search"]), counted([])
    ('2 alerts, 2 saved searches', '')
    """
    found: dict[str, int] = {}
    for kind in kinds:
        found[kind] = found.get(kind, 0) + 1
    return ", ".join(f"{count} {_plural(kind, count)}" for kind, count in found.items())


def _head(effect: Effect) -> Iterator[str]:
    """Yield what is broken, and its type in the template if it is a single field."""
    by_kind = _by_kind(effect.broken)
    yield ", ".join(
        ", ".join(f"`{name}`" for name in tier.names) if tier.kind in _BARE else f"{tier}"
        for tier in by_kind.values()
    )
    mapped = _by_kind(effect.reached).get("mapping")
    if mapped and len(mapped.names) == 1 and list(by_kind) == ["field"]:
        yield f"template ({mapped.detail})"


def _tiers(reached: Iterable[Affected]) -> Iterator[_Tier]:
    found = _by_kind(each for each in reached if each.kind != "mapping")
    said = {kind: tier for kind, tier in found.items() if kind not in _IMPLIED} or found
    yield from sorted(said.values(), key=lambda tier: _rank(tier.kind))


def _by_kind(found: Iterable[Affected]) -> dict[str, _Tier]:
    tiers: dict[str, _Tier] = {}
    for each in found:
        tier = tiers.setdefault(each.kind, _Tier(each.kind, [], each.detail))
        if each.name not in tier.names:
            tier.names.append(each.name)
    return tiers


def _rank(kind: str) -> int:
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


def _joined(head: Iterable[str], tiers: Iterable[_Tier]) -> str:
    return " → ".join((*head, *map(str, tiers)))


def _plural(kind: str, count: int) -> str:
    if count == 1 or kind.endswith("s"):
        return kind
    return f"{kind}es" if kind.endswith("ch") else f"{kind}s"
