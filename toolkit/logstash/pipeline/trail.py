"""The trace of an event through a pipeline, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from toolkit.logstash.config import nodes
from toolkit.logstash.event.comparison import MISSING
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.fieldref import METADATA
from toolkit.logstash.event.values import Value
from toolkit.logstash.unknown import references

NOT_KNOWN: Any = object()
"""In a `Change`, the value of a field that is not known."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A filter, with an event before and after it: no event, if it was dropped."""

    plugin: nodes.Plugin
    before: Event
    after: tuple[Event, ...]

    @property
    def span(self) -> nodes.Span:
        """The span of the filter's name."""
        return self.plugin.name_span


@dataclass(frozen=True, slots=True)
class Turn:
    """A branch, and the arm that took an event; None if it went past."""

    branch: nodes.Branch
    arm: int | None
    decided: bool = True
    """False if it is not known whether it takes the arm."""

    @property
    def span(self) -> nodes.Span:
        """The span of the arm that was taken, or of the first one."""
        return self.branch.entries[self.arm or 0].span


@dataclass(slots=True)
class Trail:
    """An observer that remembers each step."""

    steps: list[Visit | Turn] = field(default_factory=list)

    def plugin(self, plugin: nodes.Plugin, before: Event, after: Sequence[Event]) -> None:
        self.steps.append(Visit(plugin, before, tuple(event.clone() for event in after)))

    def branch(self, branch: nodes.Branch, arm: int | None, event: Event) -> None:
        self.steps.append(Turn(branch, arm))

    def undecided(self, branch: nodes.Branch, arm: int, event: Event) -> Trail:
        self.steps.append(Turn(branch, arm, decided=False))
        return self


@dataclass(frozen=True, slots=True)
class Change:
    """A field that was added, changed or removed; an absent value is `MISSING`."""

    field: str
    """A field reference, such as ``status`` or ``[http][version]``."""
    before: Value
    after: Value


def changes(before: Event, after: Event) -> list[Change]:
    """Return the differences, hash by hash: changed and removed fields, then new ones.

    >>> for change in changes(Event({"a": 1, "b": {"c": 2}}), Event({"a": 3, "b": {"d": 4}})):
    ...     print(change)
    Change(field='a', before=1, after=3)
    Change(field='[b][c]', before=2, after=MISSING)
    Change(field='[b][d]', before=MISSING, after=4)
    """
    old, new = dict(_known(before)), dict(_known(after))
    found = [
        Change(name, value, new.get(name, MISSING))
        for name, value in old.items()
        if not _same(value, new.get(name, MISSING)) and (name in new or after.knows(name))
    ]
    added = (Change(name, MISSING, value) for name, value in new.items() if name not in old)
    return [*found, *added]


def _known(event: Event) -> Iterator[tuple[str, Value]]:
    yield from leaves(event)
    yield from ((reference, NOT_KNOWN) for reference in references([event]))


def leaves(event: Event) -> Iterator[tuple[str, Value]]:
    """Yield each field without fields of its own, by its reference; metadata last."""
    yield from _leaves(event.fields, ())
    yield from _leaves(event.metadata, (METADATA,))


def _leaves(holder: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[str, Value]]:
    for name, value in holder.items():
        below = (*path, name)
        if isinstance(value, dict) and value:
            yield from _leaves(value, below)
        else:
            yield "".join(f"[{part}]" for part in below) if path else name, value


def _same(left: Any, right: Any) -> bool:
    return type(left) is type(right) and bool(left == right)
