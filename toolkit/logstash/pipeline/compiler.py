"""A whole pipeline: its filter sections, compiled once, run on events.

``compile`` reports every fault of a configuration at once, where Logstash stops at the first.
What is legal and not emulated is no error: what it may write is unknown on events that reach it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any, TypeAlias

from toolkit.errors import PipelineError
from toolkit.findings import Finding
from toolkit.logstash.config import attributes, nodes, plugins
from toolkit.logstash.config.faults import Fault
from toolkit.logstash.config.sources import Sources
from toolkit.logstash.config.stand_ins import StandIns
from toolkit.logstash.event.event import Event
from toolkit.logstash.fields import names_of
from toolkit.logstash.filters import Apply, Context, Filter, UnknownFile, filter_class
from toolkit.logstash.flow.effects import Effects, effects_of
from toolkit.logstash.options import OptionError, decode
from toolkit.logstash.pipeline.branches import Arm, BranchStep
from toolkit.logstash.pipeline.conditions import Compiler, Test
from toolkit.logstash.pipeline.opaque import assumed, opaque, unused
from toolkit.logstash.pipeline.steps import (
    LostEvent,
    Observer,
    OpaqueStep,
    OutputStep,
    PipelineCrash,
    PipelineStep,
    PluginStep,
    Run,
    run_steps,
)
from toolkit.logstash.plugins import is_known

_Body: TypeAlias = Callable[[Iterable[nodes.Statement]], tuple[PipelineStep, ...]]

BATCH_SIZE = 125
"""Events that Logstash takes from its queue at a time, by default."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one input event."""

    index: int
    """Counted from 0."""
    events: tuple[Event, ...]
    """None if it was dropped, several behind split or clone; some may be `PartlyKnown`."""
    lost: tuple[LostEvent, ...] = ()
    unsupported: tuple[Finding, ...] = ()
    """Reasons for which it is not known which events come out: ``events`` prove nothing then."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A compiled pipeline."""

    steps: tuple[PipelineStep, ...]
    context: Context
    unsupported: tuple[Finding, ...] = ()
    """Its legal parts that are not emulated."""
    sources: Sources = field(default_factory=lambda: Sources(()))
    """The files it was compiled from."""
    filters: tuple[tuple[nodes.Plugin, Filter], ...] = ()
    """The filters that are emulated, and where each is written."""
    assumptions: tuple[Finding, ...] = ()
    """The stand-ins in place of filters that are not emulated."""
    outputs: tuple[PipelineStep, ...] = ()
    """The output sections, whose plugins pass on what they receive."""

    @property
    def failure_tags(self) -> frozenset[str]:
        """The tags by which its filters mark events they fail on."""
        return frozenset(tag for _, each in self.filters for tag in each.failure_tags)

    def run(
        self, events: Iterable[Event], *, observer: Observer | None = None
    ) -> Iterator[Outcome]:
        """Run events in order, in batches; each batch comes out when all of it is done.

        Raises `PipelineCrash` where real Logstash dies, before anything of that batch.
        """
        numbered = enumerate(events)
        while batch := list(islice(numbered, BATCH_SIZE)):
            yield from [self._follow(index, event, observer) for index, event in batch]

    def _follow(self, index: int, event: Event, observer: Observer | None) -> Outcome:
        event.clock = self.context.clock
        run = Run(observer)
        try:
            kept = run_steps(self.steps, [event], run)
        except PipelineCrash as crash:
            crash.index = index
            raise
        return Outcome(index, tuple(kept), tuple(run.lost), tuple(run.unsupported))


def compile(  # noqa: A001
    configuration: nodes.Configuration,
    context: Context,
    *,
    filters: Mapping[str, type[Filter]] | None = None,
    stand_ins: Mapping[str, Mapping[str, Any]] | None = None,
) -> Pipeline:
    """Compile the filter sections of a configuration, and check the other ones.

    Args:
        configuration: The configuration.
        context: The environment of the pipeline.
        filters: Additional filters by name.
        stand_ins: The fields that filters which are not emulated are assumed to set, by their
            id, place or name; see `StandIns`.

    Raises:
        PipelineError: Real Logstash would not start, or would fail with each event; all faults
            are listed.
        InputError: A stand-in is for no filter of the configuration, or cannot be set.
    """
    answers = StandIns(configuration, stand_ins or {})
    answers.refuse()
    compiler = _PipelineCompiler(configuration.sources, context, filters or {}, answers)
    if not configuration.sections:
        compiler.faults.append(_NO_SECTION)
    compiler.check_conditions(configuration.statements("input"))
    steps = compiler.steps(configuration.statements("filter"))
    compiler.check_plugins(configuration)
    outputs = compiler.outputs(configuration.statements("output"))
    if compiler.faults:
        faults = sorted(compiler.faults, key=lambda fault: fault.span)
        raise PipelineError(*(fault.finding(configuration.sources) for fault in faults))
    compiler.note_unused()
    return Pipeline(
        steps,
        context,
        tuple(dict.fromkeys(compiler.unsupported)),
        configuration.sources,
        tuple(compiler.registered),
        tuple(compiler.assumptions),
        outputs,
    )


@dataclass(slots=True)
class _PipelineCompiler:
    """Compiles statements, and collects what is wrong with them."""

    sources: Sources
    context: Context
    filters: Mapping[str, type[Filter]]
    stand_ins: StandIns
    faults: list[Fault] = field(default_factory=list)
    unsupported: list[Finding] = field(default_factory=list)
    emulated: set[str] = field(default_factory=set)
    registered: list[tuple[nodes.Plugin, Filter]] = field(default_factory=list)
    assumptions: list[Finding] = field(default_factory=list)
    assumed: list[nodes.Plugin] = field(default_factory=list)
    """The filters that have a stand-in and need it."""

    def steps(self, statements: Iterable[nodes.Statement]) -> tuple[PipelineStep, ...]:
        """Compile the body of a filter section or of an arm."""
        steps: list[PipelineStep] = []
        for statement in statements:
            if isinstance(statement, nodes.Branch):
                steps.append(self._branch(statement, self.steps))
            else:
                steps += self._plugin(statement)
        return tuple(steps)

    def outputs(self, statements: Iterable[nodes.Statement]) -> tuple[PipelineStep, ...]:
        """Compile the body of an output section or of an arm."""
        return tuple(
            self._branch(each, self.outputs)
            if isinstance(each, nodes.Branch)
            else OutputStep(each)
            for each in statements
        )

    def check_conditions(self, statements: Iterable[nodes.Statement]) -> None:
        """Compile the conditions of a section whose plugins are not run."""
        for statement in statements:
            if isinstance(statement, nodes.Branch):
                for entry in statement.entries:
                    self._condition(entry.condition)
                    self.check_conditions(entry.body)

    def check_plugins(self, configuration: nodes.Configuration) -> None:
        """Check the names and options of all plugins."""
        release, ecs = self.context.release, self.context.ecs_compatibility
        for fault in plugins.faults(configuration, {"filter": self.emulated}, release, ecs):
            if fault.kind == plugins.PLACEHOLDER:
                self.unsupported.append(fault.finding(self.sources))
            else:
                self.faults.append(fault)

    def note_unused(self) -> None:
        """Note the stand-ins in whose place the filter itself is emulated."""
        used = {key for each in self.assumed if (key := self.stand_ins.key(each))}
        for name, plugin in self.stand_ins.unused(used):
            self.assumptions.append(unused(name, plugin, self.sources))

    def _branch(self, branch: nodes.Branch, body: _Body) -> BranchStep:
        arms = (self._arm(entry, body) for entry in branch.entries)
        return BranchStep(branch, self.sources, tuple(arms))

    def _arm(self, entry: nodes.BranchEntry, body: _Body) -> Arm:
        test, risks = self._condition(entry.condition)
        return Arm(test, entry.condition, body(entry.body), risks)

    def _condition(
        self, condition: nodes.Condition | None
    ) -> tuple[Test | None, tuple[Test, ...]]:
        """Compile a condition, and the parts of it that can fail."""
        if condition is None:
            return None, ()
        compiler = Compiler(self.sources)
        test = compiler.compile(condition)
        self.faults += compiler.faults
        self.unsupported += compiler.unsupported
        return test, tuple(compiler.risks)

    def _plugin(self, plugin: nodes.Plugin) -> Iterator[PipelineStep]:
        """Yield the step of a filter; none if it has faults."""
        found = self.filters.get(plugin.name) or filter_class(plugin.name)
        if found is None:
            yield from self._unknown_filter(plugin)
            return
        self.emulated.add(plugin.name)
        try:
            subject = decode(found, attributes.values(plugin))
            apply = subject.register(self.context)
        except OptionError as error:
            yield from self._refused(plugin, error)
        except UnknownFile as error:
            yield self._instead(plugin, [_unknown_file(plugin, error)])
        else:
            self.registered.append((plugin, subject))
            yield PluginStep(plugin, self.sources, apply, self._effects(plugin))

    def _unknown_filter(self, plugin: nodes.Plugin) -> Iterator[PipelineStep]:
        if is_known(plugin.name, "filter"):
            yield self._instead(plugin, ())
            return
        unknown = plugins.no_such_plugin(plugin.name, plugin.name_span, "filter")
        if unknown.kind == plugins.PLACEHOLDER:
            yield self._instead(plugin, [unknown])

    def _instead(self, plugin: nodes.Plugin, unsupported: Iterable[Fault]) -> PipelineStep:
        """Return the step of a filter that is not emulated: its stand-in, or an opaque one.

        Args:
            plugin: The filter.
            unsupported: The options that are not emulated; none if the filter as a whole is not.
        """
        effects, answer = effects_of(plugin, self.context), self.stand_ins.of(plugin)
        if answer is not None:
            self.assumed.append(plugin)
            self.assumptions += assumed(plugin, effects, [*answer], self.sources)
            stated = Effects(names_of([*answer]))
            return PluginStep(plugin, self.sources, _answering(answer), lambda: stated)
        findings = [fault.finding(self.sources) for fault in unsupported]
        findings = findings or [opaque(plugin, effects, self.stand_ins)]
        self.unsupported += findings
        return OpaqueStep(plugin, effects, findings[0])

    def _effects(self, plugin: nodes.Plugin) -> Callable[[], Effects]:
        return cache(lambda: effects_of(plugin, self.context))

    def _refused(self, plugin: nodes.Plugin, error: OptionError) -> Iterator[PipelineStep]:
        refused = (each for each in error.faults if not each.unsupported)
        self.faults += (attributes.located(plugin, each) for each in refused)
        unsupported = [attributes.located(plugin, f) for f in error.faults if f.unsupported]
        if unsupported:
            yield self._instead(plugin, unsupported)


def _answering(answer: Mapping[str, Any]) -> Apply:
    """Return a filter that sets these fields on every event, and removes those with None."""

    def apply(event: Event) -> tuple[Event]:
        for reference, value in answer.items():
            if value is None:
                event.discard(reference)
            else:
                event.set(reference, value)
        return (event,)

    return apply


def _unknown_file(plugin: nodes.Plugin, error: UnknownFile) -> Fault:
    strings = (node for node in nodes.walk(plugin) if isinstance(node, nodes.String))
    named = next((node.span for node in strings if node.value == error.path), plugin.name_span)
    return Fault(
        what=f"the content of `{error.path}` is not known",
        span=named,
        why=f"{error}; what `{plugin.name}` makes of an event rests on it",
        fix=f"state what is there: `deployment: {{mounts: {{{error.path}: ./file}}}}`.",
        kind="unknown-file",
    )


_NO_SECTION = Fault(
    what="the configuration has no section",
    span=(0, 1),
    why="a pipeline without plugins has nothing to run",
    fix="write `filter { … }`.",
    logstash="Some worker(s) were not correctly initialized",
)
