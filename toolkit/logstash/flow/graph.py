"""How values move through a configuration: which filter gives a field what it holds at the end.

Told by the text alone, no event is run. Each filter is read where it stands: what it reads are
the values that the filters before it left, so that ``message`` before a grok that overwrites
it is another thing than ``message`` behind it, and nothing goes in circles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from toolkit.logstash.config import nodes
from toolkit.logstash.config.nodes import Span, walk
from toolkit.logstash.filters import Context
from toolkit.logstash.flow.options import Name, Options, name_of, read_by
from toolkit.logstash.flow.writes import Removal, Write, deeds


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A place in a configuration where values are made, or where it is decided about them."""

    action: str
    """``grok``, ``mutate rename``, ``if``, ``output elasticsearch``."""
    text: str
    """How it is written."""
    span: Span
    reads: tuple[Read, ...] = ()
    """What it makes them of, or decides by."""
    under: tuple[Step, ...] = ()
    """The condition it stands under."""
    known: bool = True
    """Whether all of what it reads and writes is known."""


@dataclass(frozen=True, slots=True)
class Read:
    """A field that is read, and the steps that had made what it holds there."""

    field: Name
    made_by: tuple[Step, ...]


ARRIVED = Step("event", "", (0, 0))
"""Stands for an event as it comes in."""

_State = dict[Name, tuple[Step, ...]]


@dataclass(frozen=True, slots=True)
class Flow:
    """All steps of a configuration, and which of them the fields of its events come from."""

    steps: tuple[Step, ...]
    fields: Mapping[Name, tuple[Step, ...]]
    """What the filters leave behind, metadata included."""
    removed: Mapping[Name, tuple[Step, ...]]
    """What they made, and took out again."""
    open: tuple[Step, ...]
    """Steps that may write fields which the text does not name."""

    def origins(self, name: Name) -> tuple[Step, ...]:
        """The steps that made a field, parts of it, or what it is a part of; none if none did."""
        return _origins(self.fields, name) or self.removed.get(name, self.open)


def flow_of(
    configuration: nodes.Configuration,
    context: Context | None = None,
    stand_ins: Mapping[str, Mapping[str, Any]] | None = None,
) -> Flow:
    """Read a configuration; ``context`` gives the patterns of grok.

    ``stand_ins`` say, by the id of a filter, which fields it is taken to set.
    """
    selectors = (each for each in walk(configuration) if isinstance(each, nodes.Selector))
    tagged = any(name_of(each.text) == ("tags",) for each in selectors)
    reader = _Reader(configuration.sources.text, context, stand_ins or {}, tagged)
    for plugin in _plugins(configuration.statements("input")):
        reader.plugin(plugin, (), only_added=True)
    reader.body(configuration.statements("filter"), ())
    reader.outputs(configuration.statements("output"), ())
    return Flow(tuple(reader.steps), reader.state, reader.removed, tuple(reader.open))


def _origins(state: Mapping[Name, tuple[Step, ...]], name: Name) -> tuple[Step, ...]:
    found = (
        step
        for other, steps in state.items()
        if name[: len(other)] == other[: len(name)]
        for step in steps
    )
    return tuple(dict.fromkeys(found))


def _plugins(statements: Iterable[nodes.Statement]) -> Iterator[nodes.Plugin]:
    for statement in statements:
        if isinstance(statement, nodes.Plugin):
            yield statement
        else:
            for entry in statement.entries:
                yield from _plugins(entry.body)


@dataclass(slots=True)
class _Reader:
    """Goes through a configuration in the order in which events do."""

    source: str
    context: Context | None
    stand_ins: Mapping[str, Mapping[str, Any]]
    tagged: bool
    """Whether anything is decided by tags: only then does what can fail decide it too."""
    state: _State = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    open: list[Step] = field(default_factory=list)
    removed: _State = field(default_factory=dict)

    def body(self, statements: Iterable[nodes.Statement], under: tuple[Step, ...]) -> None:
        """Read filters and branches, which stand under these conditions."""
        for statement in statements:
            if isinstance(statement, nodes.Branch):
                self._branch(statement, under)
            else:
                self.plugin(statement, under)

    def _branch(self, branch: nodes.Branch, under: tuple[Step, ...]) -> None:
        before, ends = dict(self.state), list[_State]()
        for entry in branch.entries:
            if entry.condition is not None:
                under = (self._condition(entry, entry.condition, before, under),)
            self.state = dict(before)
            self.body(entry.body, under)
            ends.append(self.state)
        if branch.entries[-1].condition is not None:
            ends.append(before)
        self.state = _merged(ends)

    def _condition(
        self,
        entry: nodes.BranchEntry,
        condition: nodes.Condition,
        state: _State,
        under: tuple[Step, ...],
    ) -> Step:
        selectors = (node.text for node in walk(condition) if isinstance(node, nodes.Selector))
        names = dict.fromkeys(filter(None, map(name_of, selectors)))
        text = self._written(condition.span)
        return self._step(entry.keyword, text, condition.span, self._reads(state, names), under)

    def plugin(
        self, plugin: nodes.Plugin, under: tuple[Step, ...], *, only_added: bool = False
    ) -> None:
        """Read a filter; of an input, only which fields it adds."""
        before = dict(self.state)
        for deed in deeds(plugin, self.context, self.stand_ins):
            if isinstance(deed, Removal):
                self._remove(deed.field)
            elif not only_added or deed.action.endswith(" add_field"):
                self._write(deed, self.state if deed.afterwards else before, under)
        if plugin.name in ("drop", "clone", "prune") and not only_added:
            self._step(plugin.name, plugin.name, plugin.name_span, (), under)

    def _write(self, deed: Write, state: _State, under: tuple[Step, ...]) -> None:
        text = deed.text or self._written(deed.span)
        silent = deed.action.endswith(" tag_on_failure") and not self.tagged
        reads = self._reads(state, () if silent else deed.reads)
        step = self._step(deed.action, text, deed.span, reads, under, known=deed.known)
        if deed.field is None:
            self.open.append(step)
            return
        older = () if deed.certain else self.state.get(deed.field, ())
        self.state[deed.field] = tuple(dict.fromkeys((*older, step)))
        self.removed.pop(deed.field, None)

    def _remove(self, name: Name) -> None:
        for other in [other for other in self.state if other[: len(name)] == name]:
            self.removed[other] = self.state.pop(other)
        self.removed.setdefault(name, ())

    def _reads(self, state: _State, names: Iterable[Name]) -> tuple[Read, ...]:
        return tuple(
            Read(name, _origins(state, name) or tuple(self.open) or (ARRIVED,)) for name in names
        )

    def outputs(self, statements: Iterable[nodes.Statement], under: tuple[Step, ...]) -> None:
        """Read what decides where events go."""
        for statement in statements:
            if isinstance(statement, nodes.Plugin):
                self._output(statement, under)
                continue
            above = under
            for entry in statement.entries:
                if entry.condition is not None:
                    above = (self._condition(entry, entry.condition, self.state, above),)
                self.outputs(entry.body, above)

    def _output(self, plugin: nodes.Plugin, under: tuple[Step, ...]) -> None:
        options = Options(plugin)
        for option, value in options.values.items():
            reads = self._reads(self.state, read_by(value))
            if reads:
                span = options.span(option)
                self._step(f"output {plugin.name}", self._written(span), span, reads, under)

    def _step(
        self,
        action: str,
        text: str,
        span: Span,
        reads: tuple[Read, ...],
        under: tuple[Step, ...],
        *,
        known: bool = True,
    ) -> Step:
        step = Step(action, text, span, reads, under, known)
        self.steps.append(step)
        return step

    def _written(self, span: Span) -> str:
        return " ".join(self.source[slice(*span)].split())


def _merged(ends: Iterable[_State]) -> _State:
    """What may be there behind a branch: what any of its arms left."""
    merged: dict[Name, dict[Step, None]] = {}
    for state in ends:
        for name, steps in state.items():
            merged.setdefault(name, {}).update(dict.fromkeys(steps))
    return {name: tuple(steps) for name, steps in merged.items()}
