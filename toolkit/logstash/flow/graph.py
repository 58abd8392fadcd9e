"""How values move through a configuration: which filter gives a field what it holds at the end.

Read from the text alone; no event is run. Each filter reads the values that the filters before
it left, so that ``message`` before a grok that overwrites
it is another thing than ``message`` behind it, and nothing goes in circles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeAlias

from toolkit.logstash.config import attributes, nodes
from toolkit.logstash.config.nodes import Span, walk
from toolkit.logstash.config.stand_ins import StandIns
from toolkit.logstash.fields import (
    Form,
    Name,
    Removal,
    Write,
    WrittenNames,
    is_dynamic,
    name_of,
    read_by,
)
from toolkit.logstash.filters import Context, Filter
from toolkit.logstash.flow.operations import added, brought, configured, operations


@dataclass(frozen=True, slots=True, eq=False)
class FlowStep:
    """A place in a configuration where values are made, or where it is decided about them."""

    action: str
    """``grok``, ``mutate rename``, ``if``, ``output elasticsearch``."""
    text: str
    """How it is written."""
    span: Span
    reads: tuple[Read, ...] = ()
    """The fields it makes values of, or decides by."""
    under: tuple[FlowStep, ...] = ()
    """The condition it depends on."""
    known: bool = True
    """True if all fields it reads and writes are known."""
    parses: bool = False
    """True if it makes fields of a text, and can fail to."""


@dataclass(frozen=True, slots=True)
class Read:
    """A field that is read, and the steps that had made what it holds there."""

    field: Name
    made_by: tuple[FlowStep, ...]
    form: Form = "other"
    """``text`` or ``number`` where it can hold nothing else, if it is there."""


ARRIVED = FlowStep("event", "", (0, 0))
"""The event as it comes in."""

_TAGS = ("tags",)
_SETS_TAGS = (" add_tag", " tag_on_failure")
_Steps: TypeAlias = tuple[FlowStep, ...]
_State: TypeAlias = dict[Name, _Steps]


@dataclass(frozen=True)
class Flow:
    """All steps of a configuration, and which of them the fields of its events come from."""

    steps: tuple[FlowStep, ...]
    fields: Mapping[Name, tuple[FlowStep, ...]]
    """Fields at the end of the filters, metadata included."""
    removed: Mapping[Name, tuple[FlowStep, ...]]
    """Fields they made and removed again."""
    open: _State
    """Steps that write fields whose names depend on the event."""
    written: WrittenNames
    """Fields that any filter or input writes, even if they are removed again."""
    selectors: Mapping[Span, Read]
    """The fields that conditions read, by the place of the selector."""

    def origins(self, name: Name) -> tuple[FlowStep, ...]:
        """The steps that made a field, parts of it, or what it is a part of; none if none did."""
        made = _steps_of(self._known.related(name), self.fields)
        return made or self.removed.get(name) or _steps_of(self._open.related(name), self.open)

    def has(self, name: Name) -> bool:
        """Return whether anything writes the field, a part of it, or a field that holds it."""
        return any(True for _ in self.written.related(name))

    @cached_property
    def _known(self) -> WrittenNames:
        return WrittenNames(self.fields)

    @cached_property
    def _open(self) -> WrittenNames:
        return WrittenNames(self.open)


def flow_of(
    configuration: nodes.Configuration,
    context: Context | None = None,
    stand_ins: Mapping[str, Mapping[str, Any]] | None = None,
) -> Flow:
    """Read a configuration.

    Args:
        configuration: The inputs, filters and outputs.
        context: Gives the patterns of grok and the ECS compatibility.
        stand_ins: The fields that filters are assumed to set; see `StandIns`.
    """
    entries = (each for each in walk(configuration) if isinstance(each, nodes.BranchEntry))
    conditions = (each.condition for each in entries if each.condition is not None)
    asked = frozenset(tag for each in conditions for tag in _tags_in(each))
    answers = StandIns(configuration, stand_ins or {})
    reader = _Reader(configuration.sources.text, context, answers, asked)
    for plugin in nodes.plugins(configuration.statements("input")):
        reader.input(plugin)
    reader.body(configuration.statements("filter"), ())
    reader.outputs(configuration.statements("output"), ())
    return Flow(
        tuple(reader.steps),
        reader.state,
        reader.removed,
        reader.open,
        reader.written,
        reader.selectors,
    )


def _tags_in(condition: nodes.Condition) -> set[str]:
    """The texts of a condition that looks at the tags."""
    parts = [*walk(condition)]
    if not any(isinstance(each, nodes.Selector) and name_of(each.text) == _TAGS for each in parts):
        return set()
    return {each.value for each in parts if isinstance(each, nodes.String)}


def _of_tags(read: Read, asked: set[str]) -> Read:
    """Without the steps that only set other tags."""
    other = (each for each in read.made_by if each.action.endswith(_SETS_TAGS))
    others = {each for each in other if asked and each.text not in asked and "%{" not in each.text}
    made = tuple(each for each in read.made_by if each not in others)
    return replace(read, made_by=made or (ARRIVED,))


def _steps_of(names: Iterable[Name], state: Mapping[Name, _Steps]) -> _Steps:
    return tuple(dict.fromkeys(step for name in names for step in state.get(name, ())))


@dataclass(slots=True)
class _Reader:
    """Goes through a configuration in the order in which events do."""

    source: str
    context: Context | None
    stand_ins: StandIns
    asked: frozenset[str]
    """The tags that conditions ask for: what sets another one by failing decides nothing."""
    state: _State = field(default_factory=dict)
    forms: dict[tuple[Name, FlowStep], Form] = field(default_factory=dict)
    steps: list[FlowStep] = field(default_factory=list)
    open: _State = field(default_factory=dict)
    removed: _State = field(default_factory=dict)
    written: WrittenNames = field(default_factory=WrittenNames)
    selectors: dict[Span, Read] = field(default_factory=dict)

    def input(self, plugin: nodes.Plugin) -> None:
        """Read the fields an input adds; others it brings have no origin in the text."""
        for write in brought(plugin):
            self.written.add(write.field)
        for write in added(attributes.values(plugin)):
            self._write(plugin, write, self.state, (), parses=False)

    def body(self, statements: Iterable[nodes.Statement], under: tuple[FlowStep, ...]) -> None:
        """Read filters and branches below these conditions."""
        for statement in statements:
            if isinstance(statement, nodes.Branch):
                self._branch(statement, under)
            else:
                self._filter(statement, under)

    def _branch(self, branch: nodes.Branch, under: tuple[FlowStep, ...]) -> None:
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
        under: tuple[FlowStep, ...],
    ) -> FlowStep:
        reads: dict[Name, Read] = {}
        for node in walk(condition):
            name = name_of(node.text) if isinstance(node, nodes.Selector) else None
            if name is not None:
                read = self._read(state, name)
                reads[name] = _of_tags(read, _tags_in(condition)) if name == _TAGS else read
                self.selectors[node.span] = reads[name]
        text = self._written(condition.span)
        return self._step(FlowStep(entry.keyword, text, condition.span, (*reads.values(),), under))

    def _filter(self, plugin: nodes.Plugin, under: tuple[FlowStep, ...]) -> None:
        before, count = dict(self.state), len(self.steps)
        subject = configured(plugin, self.context)
        parses = subject.parses if isinstance(subject, Filter) else any(subject.failure_tags())
        for each in operations(plugin, subject, self.context, self.stand_ins.of(plugin)):
            if isinstance(each, Removal):
                if not is_dynamic(each.field):
                    self._remove(each.field)
            else:
                state = self.state if each.afterwards else before
                self._write(plugin, each, state, under, parses=parses)
        if len(self.steps) == count:
            self._step(FlowStep(plugin.name, plugin.name, plugin.name_span, (), under))

    def _write(
        self,
        plugin: nodes.Plugin,
        write: Write,
        state: _State,
        under: tuple[FlowStep, ...],
        *,
        parses: bool,
    ) -> None:
        span = attributes.place(plugin, write.option, write.path, *write.part or (None, None))
        silent = write.action == "tag_on_failure" and write.text not in self.asked
        reads = self._reads(state, () if silent else write.reads)
        action = f"{plugin.name} {write.action}".rstrip()
        text = write.text or self._written(span)
        parses = parses and not write.action
        step = self._step(FlowStep(action, text, span, reads, under, write.known, parses))
        self.written.add(write.field)
        if is_dynamic(write.field):
            self.open[write.field] = (*self.open.get(write.field, ()), step)
            return
        form = write.form
        if form == "same":
            form = reads[0].form if reads else "other"
        older = () if write.certain else self.state.get(write.field, ())
        self.state[write.field] = tuple(dict.fromkeys((*older, step)))
        self.forms[write.field, step] = form
        self.removed.pop(write.field, None)

    def _remove(self, name: Name) -> None:
        for other in [other for other in self.state if other[: len(name)] == name]:
            self.removed[other] = self.state.pop(other)
        self.removed.setdefault(name, ())

    def _reads(self, state: _State, names: Iterable[Name]) -> tuple[Read, ...]:
        static = (name for name in dict.fromkeys(names) if not is_dynamic(name))
        return tuple(self._read(state, name) for name in static)

    def _read(self, state: _State, name: Name) -> Read:
        written = (*self.written.related(name),)
        made, dynamic = _steps_of(written, state), _steps_of(written, self.open)
        forms = {self.forms.get((name, step), "other") for step in made}
        certain = len(forms) == 1 and not dynamic
        return Read(name, made or dynamic or (ARRIVED,), forms.pop() if certain else "other")

    def outputs(self, statements: Iterable[nodes.Statement], under: tuple[FlowStep, ...]) -> None:
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

    def _output(self, plugin: nodes.Plugin, under: tuple[FlowStep, ...]) -> None:
        for each in plugin.attributes:
            strings = (node.value for node in walk(each.value) if isinstance(node, nodes.String))
            reads = self._reads(self.state, read_by(*strings))
            if reads:
                span, action = each.value.span, f"output {plugin.name}"
                self._step(FlowStep(action, self._written(span), span, reads, under))

    def _step(self, step: FlowStep) -> FlowStep:
        """Add a step; several fields that a filter makes of the same values are one step."""
        last = self.steps[-1] if self.steps else ARRIVED
        if (last.action, last.text, last.span, last.reads) == (
            step.action,
            step.text,
            step.span,
            step.reads,
        ):
            return last
        self.steps.append(step)
        return step

    def _written(self, span: Span) -> str:
        return " ".join(self.source[slice(*span)].split())


def _merged(ends: Iterable[_State]) -> _State:
    """The fields there may be behind a branch: those that any of its arms left."""
    merged: _State = {}
    for state in ends:
        for name, steps in state.items():
            known = merged.setdefault(name, steps)
            if known is not steps:
                merged[name] = tuple(dict.fromkeys((*known, *steps)))
    return merged
