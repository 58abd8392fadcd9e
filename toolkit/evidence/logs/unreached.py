"""Fields that no event has, since no line reaches a filter that makes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from toolkit.evidence.logs.events import Events, start_events
from toolkit.findings import Location
from toolkit.logstash.config import nodes
from toolkit.logstash.event.event import Event
from toolkit.logstash.fields import Name, related
from toolkit.logstash.pipeline.branches import BranchStep
from toolkit.logstash.pipeline.steps import OpaqueStep, PipelineCrash, PipelineStep, PluginStep

_Arm: TypeAlias = "tuple[BranchStep, int]"
"""A branch, and the index of one of its arms."""


@dataclass(frozen=True, slots=True)
class Barrier:
    """The place behind which no line is."""

    text: str
    """How it is written: ``if [type] == "nginx"``, or the name of the filter that drops."""
    where: Location
    drops: bool = False


def barriers(observed: Events, fields: Iterable[str]) -> dict[str, Barrier | None]:
    """Return the barrier before each field that filters make of other lines than these.

    Args:
        observed: The lines, and the events they became.
        fields: Dotted names of fields that no event has.

    Returns:
        A barrier; None if a condition lost all events on their way. Fields that no filter
        makes, or one that was reached, are missing.
    """
    seen = _Seen()
    for record in observed.records:
        try:
            events = start_events(record.line, observed.shipped, observed.now)
            list(observed.pipeline.run(events, observer=seen))
        except PipelineCrash:
            break
    found = ((name, _before(name, observed, seen)) for name in fields)
    return {name: barrier[0] for name, barrier in found if barrier}


def _before(name: str, observed: Events, seen: _Seen) -> tuple[Barrier | None] | None:
    lost = any(record.lost for record in observed.records)
    if observed.records and not any(record.events for record in observed.records):
        return (None if lost else _dropping(observed, seen),)
    makers = [*_makers(observed.pipeline.steps, tuple(name.split(".")), ())]
    if not makers or any(id(plugin) in seen.plugins for plugin, _ in makers):
        return None
    for branch, index in makers[0][1]:
        if (id(branch.node), index) not in seen.arms:
            return (_barrier(branch.node.entries[index], observed),)
    return (None,) if lost else None


def _barrier(entry: nodes.BranchEntry, observed: Events) -> Barrier:
    sources = observed.pipeline.sources
    if entry.condition is None:
        return Barrier(entry.keyword, sources.locate((entry.span[0], entry.span[0] + 4)))
    start, end = entry.condition.span
    text = " ".join(sources.text[start:end].split())
    return Barrier(f"{entry.keyword} {text}", sources.locate((start, end)))


def _dropping(observed: Events, seen: _Seen) -> Barrier | None:
    if seen.dropping is None:
        return None
    where = observed.pipeline.sources.locate(seen.dropping.name_span)
    return Barrier(seen.dropping.name, where, drops=True)


def _makers(
    steps: Sequence[PipelineStep], name: Name, under: tuple[_Arm, ...]
) -> Iterator[tuple[nodes.Plugin, tuple[_Arm, ...]]]:
    """Yield the filters that may write a dotted field, with the arms they are in."""
    for step in steps:
        match step:
            case BranchStep(arms=arms):
                for index, arm in enumerate(arms):
                    yield from _makers(arm.body, name, (*under, (step, index)))
            case PluginStep(node=node, effects=effects):
                if _writes(effects().names, name):
                    yield node, under
            case OpaqueStep(node=node, effects=effects):
                if _writes(effects.names, name):
                    yield node, under


def _writes(names: Iterable[Name], name: Name) -> bool:
    return any(related(tuple(".".join(each).split(".")), name) for each in names)


@dataclass(slots=True)
class _Seen:
    """The filters and arms that events reached, and the first filter that dropped one."""

    plugins: set[int] = field(default_factory=set)
    arms: set[tuple[int, int | None]] = field(default_factory=set)
    dropping: nodes.Plugin | None = None

    def plugin(self, plugin: nodes.Plugin, before: Event, after: Sequence[Event]) -> None:
        self.plugins.add(id(plugin))
        if not after and self.dropping is None:
            self.dropping = plugin

    def branch(self, branch: nodes.Branch, arm: int | None, event: Event) -> None:
        self.arms.add((id(branch), arm))

    def undecided(self, branch: nodes.Branch, arm: int, event: Event) -> _Seen:
        self.arms.add((id(branch), arm))
        return self
