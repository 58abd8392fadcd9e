"""Compiled Logstash configurations: a pipeline that can be run, or its faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from toolkit.deployment.deployment import Deployment
from toolkit.deployment.surroundings import Surroundings, unknown_variables
from toolkit.errors import PipelineError
from toolkit.evidence.deployment import deployment
from toolkit.evidence.files import Files, FileSet, decode
from toolkit.findings import Finding, Subject
from toolkit.logstash.config.nodes import Configuration, SectionKind
from toolkit.logstash.config.parser import parse
from toolkit.logstash.filters import Context
from toolkit.logstash.pipeline import compiler as logstash
from toolkit.logstash.source import Source
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.frozen import FrozenMapping
from toolkit.model.queries import Answer, Derived, Query


@dataclass(frozen=True, slots=True)
class Compiled:
    """A pipeline, or the reasons why Logstash would not start it."""

    pipeline: logstash.Pipeline | None
    faults: tuple[Finding, ...] = ()
    configuration: Configuration | None = None
    """The syntax tree; None if the text cannot be parsed."""
    unknown: tuple[Finding, ...] = ()
    """Variables without a value in inputs and outputs: Logstash starts only if it has them."""

    def started(self) -> logstash.Pipeline:
        """Return the pipeline.

        Raises:
            PipelineError: Logstash would not start it.
        """
        if self.pipeline is None:
            raise PipelineError(_not_started(self.faults))
        return self.pipeline


@dataclass(frozen=True, slots=True)
class ParsedPipeline:
    """The text of a pipeline as Logstash reads it where it is deployed."""

    configuration: Configuration | None
    """The syntax tree; None if the text cannot be parsed."""
    around: Surroundings
    missing: Mapping[str, str]
    """The variables without a value, each with the reason."""
    faults: tuple[Finding, ...] = ()

    def unknown(self, *kinds: SectionKind) -> tuple[Finding, ...]:
        """Yield a finding for each reason why variables of some sections have no value."""
        return tuple(unknown_variables(self.configuration, self.missing, *kinds))


@dataclass(frozen=True, slots=True)
class ParsedFrom(Derived[ParsedPipeline]):
    """Parse the configurations of a pipeline with the variables of its deployment."""

    configurations: Query[FileSet]
    deployment: Query[Deployment]
    environment: tuple[tuple[str, str], ...] = ()

    def derive(
        self, configurations: Answer[FileSet], deployment: Answer[Deployment]
    ) -> Answer[ParsedPipeline]:
        sources = [
            Source(file.name, decode(file, "a configuration")) for file in configurations.evidence
        ]
        here = deployment.evidence
        around = Surroundings(
            here,
            "logstash",
            tuple(here.tree.inside(source.name) for source in sources),
            dict(self.environment),
        )
        variables = around.variables()
        tree, faults = None, tuple[Finding, ...]()
        try:
            tree = parse(sources, environment=variables, keep_undefined=True)
        except PipelineError as error:
            faults = error.findings
        found = ParsedPipeline(tree, around, variables.missing, faults)
        return Answer(found, configurations.origin, len(sources), "configurations")


@dataclass(frozen=True, slots=True)
class CompiledFrom(Derived[Compiled]):
    """Compile the configurations of a pipeline as Logstash does where it is deployed."""

    parsed: Query[ParsedPipeline]
    ecs_compatibility: str = "v8"
    timezone: str = "UTC"
    now: int = 0
    """Nanoseconds since 1970."""
    stand_ins: FrozenMapping[Mapping[str, Any]] = field(default_factory=FrozenMapping)
    """Fields and values, by the id, place or name of a filter that is not emulated."""

    def derive(self, parsed: Answer[ParsedPipeline]) -> Answer[Compiled]:
        found = parsed.evidence
        compiled = replace(self._compiled(found), unknown=found.unknown("input", "output"))
        origin, number = parsed.origin, parsed.sampled
        return Answer(compiled, origin, number, "configurations", found.unknown("filter"))

    def _compiled(self, found: ParsedPipeline) -> Compiled:
        tree = found.configuration
        if tree is None:
            return Compiled(None, found.faults)
        try:
            context = self._context(found.around)
            running = logstash.compile(tree, context, stand_ins=self.stand_ins)
            return Compiled(running, configuration=tree)
        except PipelineError as error:
            return Compiled(None, error.findings, tree)

    def _context(self, around: Surroundings) -> Context:
        return Context(
            clock=lambda: self.now,
            random=Random(0),
            read_file=around.read,
            list_files=around.names,
            release=around.release,
            ecs_compatibility=self.ecs_compatibility,  # type: ignore[arg-type]
            timezone=ZoneInfo(self.timezone),
        )


def parsed(expected: LogExpectation, scope: Scope) -> Query[ParsedPipeline] | None:
    """Return the query for the text of the contract's pipeline; None if it has none."""
    if not expected.pipeline:
        return None
    files = Files(expected.pipeline, expected.declared, "configurations")
    return ParsedFrom(files, deployment(scope), tuple(sorted(expected.environment.items())))


def pipeline(
    expected: LogExpectation, scope: Scope, timezone: str = "UTC"
) -> Query[Compiled] | None:
    """Return the query for the contract's pipeline.

    Args:
        expected: The lines and their pipeline.
        scope: The contract, and the clock of the emulation.
        timezone: The time zone of the machine, as in the tz database.

    Returns:
        None if the contract has no pipeline.
    """
    found = parsed(expected, scope)
    if found is None:
        return None
    return CompiledFrom(
        found,
        expected.ecs_compatibility,
        timezone,
        scope.now,
        FrozenMapping(expected.stand_ins),
    )


def _not_started(faults: Sequence[Finding]) -> Finding:
    first = faults[0]
    return Finding(
        what="Logstash would not start this pipeline, so no line was processed",
        where=first.where,
        why=first.what,
        fix="correct the configuration first.",
        follows=(Subject("pipeline"),),
    )
