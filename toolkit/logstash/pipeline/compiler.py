"""A whole pipeline: its filter sections, compiled once, run on events.

``compile`` reports every fault of a configuration at once, where Logstash stops at the first.
What is legal and not emulated is no error: events that reach it are marked as unproven.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from toolkit.errors import PipelineError
from toolkit.findings import Finding
from toolkit.logstash.config import attributes, nodes, plugins
from toolkit.logstash.config.faults import Fault
from toolkit.logstash.config.sources import Sources
from toolkit.logstash.event.event import Event
from toolkit.logstash.filters import Apply, Context, Filter, UnknownFile, filter_class
from toolkit.logstash.options import OptionError, decode
from toolkit.logstash.pipeline.conditions import Compiler
from toolkit.logstash.pipeline.steps import (
    Arm,
    BranchStep,
    LostEvent,
    Observer,
    PipelineCrash,
    PipelineStep,
    PluginStep,
    Run,
    UnsupportedStep,
    run_steps,
)
from toolkit.logstash.plugins import is_known

BATCH_SIZE = 125
"""Events that Logstash takes from its queue at a time, by default."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one input event."""

    index: int
    """Counted from 0."""
    events: tuple[Event, ...]
    """None if it was dropped, several behind split or clone."""
    lost: tuple[LostEvent, ...] = ()
    unsupported: tuple[Finding, ...] = ()
    """Reached steps that are not emulated: with any of them ``events`` prove nothing."""


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
        stand_ins: For plugins that are not emulated, by id: the fields that they are assumed to
            set (None removes one).

    Raises:
        PipelineError: Real Logstash would not start, or would fail with each event; all faults
            are listed.
    """
    compiler = _PipelineCompiler(configuration.sources, context, filters or {}, stand_ins or {})
    if not configuration.sections:
        compiler.faults.append(_NO_SECTION)
    compiler.check_conditions(configuration.statements("input"))
    steps = compiler.steps(configuration.statements("filter"))
    compiler.check_plugins(configuration)
    compiler.check_conditions(configuration.statements("output"))
    if compiler.faults:
        faults = sorted(compiler.faults, key=lambda fault: fault.span)
        raise PipelineError(*(fault.finding(configuration.sources) for fault in faults))
    unsupported, sources = tuple(dict.fromkeys(compiler.unsupported)), configuration.sources
    return Pipeline(steps, context, unsupported, sources, tuple(compiler.registered))


@dataclass(slots=True)
class _PipelineCompiler:
    """Compiles statements, and collects what is wrong with them."""

    sources: Sources
    context: Context
    filters: Mapping[str, type[Filter]]
    stand_ins: Mapping[str, Mapping[str, Any]]
    faults: list[Fault] = field(default_factory=list)
    unsupported: list[Finding] = field(default_factory=list)
    emulated: set[str] = field(default_factory=set)
    registered: list[tuple[nodes.Plugin, Filter]] = field(default_factory=list)

    def steps(self, statements: Iterable[nodes.Statement]) -> tuple[PipelineStep, ...]:
        """Compile the body of a filter section or of an arm."""
        steps: list[PipelineStep] = []
        for statement in statements:
            if isinstance(statement, nodes.Branch):
                steps.append(self._branch(statement))
            else:
                steps += self._plugin(statement)
        return tuple(steps)

    def check_conditions(self, statements: Iterable[nodes.Statement]) -> None:
        """Compile the conditions of a section whose plugins are not run."""
        for statement in statements:
            if isinstance(statement, nodes.Branch):
                for entry in statement.entries:
                    self._condition(entry.condition)
                    self.check_conditions(entry.body)

    def check_plugins(self, configuration: nodes.Configuration) -> None:
        """Check the names and options of all plugins."""
        release = self.context.release
        for fault in plugins.faults(configuration, {"filter": self.emulated}, release):
            if fault.kind == plugins.PLACEHOLDER:
                self.unsupported.append(fault.finding(self.sources))
            else:
                self.faults.append(fault)

    def _branch(self, branch: nodes.Branch) -> BranchStep:
        return BranchStep(branch, self.sources, tuple(map(self._arm, branch.entries)))

    def _arm(self, entry: nodes.BranchEntry) -> Arm:
        arm = self._condition(entry.condition)
        return Arm(arm.test, arm.condition, self.steps(entry.body), arm.unsupported)

    def _condition(self, condition: nodes.Condition | None) -> Arm:
        if condition is None:
            return Arm(None, None, ())
        compiler = Compiler()
        test = compiler.compile(condition)
        self.faults += compiler.faults
        return Arm(test, condition, (), self._not_emulated(compiler.unsupported))

    def _not_emulated(self, faults: Iterable[Fault]) -> UnsupportedStep | None:
        findings = tuple(fault.finding(self.sources) for fault in faults)
        self.unsupported += findings
        return UnsupportedStep(findings) if findings else None

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
            yield from self._instead(plugin, [_unknown_file(plugin, error)])
        else:
            self.registered.append((plugin, subject))
            yield PluginStep(plugin, self.sources, apply)

    def _unknown_filter(self, plugin: nodes.Plugin) -> Iterator[PipelineStep]:
        if is_known(plugin.name, "filter"):
            yield from self._instead(plugin, [_unsupported_filter(plugin)])
            return
        unknown = plugins.no_such_plugin(plugin.name, plugin.name_span, "filter")
        if unknown.kind == plugins.PLACEHOLDER:
            yield from self._instead(plugin, [unknown])

    def _instead(
        self, plugin: nodes.Plugin, unsupported: Iterable[Fault]
    ) -> Iterator[PipelineStep]:
        """Yield a step for a plugin that is not emulated: its stand-in, or an unsupported one."""
        answer = self.stand_ins.get(str(attributes.values(plugin).get("id")))
        if answer is not None:
            yield PluginStep(plugin, self.sources, _answering(answer))
        elif step := self._not_emulated(unsupported):
            yield step

    def _refused(self, plugin: nodes.Plugin, error: OptionError) -> Iterator[PipelineStep]:
        refused = (each for each in error.faults if not each.unsupported)
        self.faults += (attributes.located(plugin, each) for each in refused)
        unsupported = [attributes.located(plugin, f) for f in error.faults if f.unsupported]
        if unsupported:
            yield from self._instead(plugin, unsupported)


def _answering(answer: Mapping[str, Any]) -> Apply:
    """Return a filter that sets these fields on every event, and removes those with None."""

    def apply(event: Event) -> tuple[Event]:
        for reference, value in answer.items():
            if value is None:
                event.remove(reference)
            else:
                event.set(reference, value)
        return (event,)

    return apply


def _unsupported_filter(plugin: nodes.Plugin) -> Fault:
    return Fault(
        what=f"the filter `{plugin.name}` is not emulated",
        span=plugin.name_span,
        why="what it makes of an event is not known here, nor what becomes of it further on",
        fix="prove what comes before it, and run the rest with real Logstash.",
    )


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
