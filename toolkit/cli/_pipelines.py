"""Reads the configurations a command is given, and compiles them as Logstash would."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import wraps
from pathlib import Path, PurePath
from typing import Any, Literal, cast

import click

from toolkit.cli._errors import print_finding
from toolkit.cli._files import unreadable
from toolkit.cli._options import all_of
from toolkit.cli._repository import expanded, expectation, surroundings
from toolkit.deployment.logstash import ecs_compatibility
from toolkit.deployment.surroundings import unknown_variables
from toolkit.errors import InputError, Unsupported, UsageError
from toolkit.evidence.logs.joining import received_lines
from toolkit.filebeat.config import Input
from toolkit.findings import Finding, Location, Severity
from toolkit.languages.positioned_yaml import read_document
from toolkit.languages.yaml_dialects import CONTRACT
from toolkit.logstash.config import nodes, parse
from toolkit.logstash.config.stand_ins import Fields
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.values import Timestamp
from toolkit.logstash.filters import Context
from toolkit.logstash.pipeline.compiler import Pipeline
from toolkit.logstash.pipeline.compiler import compile as compile_pipeline
from toolkit.logstash.pipeline.steps import PipelineCrash
from toolkit.logstash.pipeline.trail import Trail
from toolkit.logstash.source import Source
from toolkit.reports.terminal.filter_trace import FilterTrace
from toolkit.reports.terminal.finding import SIGNS

Ecs = Literal["disabled", "v1", "v8"]


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of Logstash for a pipeline, and its clock."""

    ecs: Ecs | None = None
    """None for that of the contract, or of the files around, or else ``v8``."""
    support_escapes: bool = False
    now: int | None = None
    """Nanoseconds since 1970; None for the clock of this machine."""
    stand_ins: Mapping[str, Fields] = field(default_factory=dict)
    """The fields that filters which are not emulated are assumed to set."""

    def context(self, paths: Sequence[str]) -> Context:
        """The world as filters of these configurations see it."""
        around, now = surroundings(tuple(expanded(paths))), self.now
        found = ecs_compatibility(around.deployment.tree)
        return Context(
            clock=time.time_ns if now is None else lambda: now,
            read_file=around.read,
            list_files=around.names,
            release=around.release,
            ecs_compatibility=self.ecs or cast("Ecs", found or "v8"),
        )

    def completed(self, paths: Sequence[str]) -> Settings:
        """Add what the contract has of the pipeline of these configurations."""
        found = frozenset(Path(each).resolve() for each in expanded(paths) if each != "-")
        expected = expectation(found)
        if expected is None:
            return self
        files, logs = expected
        given = {**logs.stand_ins, **self.stand_ins} if files == found else self.stand_ins
        return replace(self, ecs=self.ecs or logs.ecs_compatibility, stand_ins=given)

    def compiled(self, paths: Sequence[str]) -> tuple[nodes.Configuration, Pipeline]:
        """Read and compile configurations, and print on stderr what is assumed of their filters.

        Raises what `read_configuration` does, and `PipelineError`.
        """
        settings = self.completed(paths)
        configuration, context = read_configuration(paths, settings), settings.context(paths)
        pipeline = compile_pipeline(configuration, context, stand_ins=settings.stand_ins)
        for each in pipeline.assumptions:
            print_finding(each, SIGNS[each.severity or Severity.INFO])
        return configuration, pipeline


def pipeline_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of Logstash to a command, which gets them as ``settings``."""

    @wraps(command)
    def with_settings(
        ecs: Ecs | None,
        support_escapes: bool,
        now: str | None,
        stand_ins: str | None,
        **others: Any,
    ) -> Any:
        given = _stand_ins(stand_ins) if stand_ins else {}
        settings = Settings(ecs, support_escapes, read_time(now, "--now"), given)
        return command(settings=settings, **others)

    return _OPTIONS(with_settings)


def _stand_ins(text: str) -> Mapping[str, Fields]:
    form = 'write a mapping as in `{geoip: {"[geoip][country_iso_code]": BR}}`.'
    found = read_document(text, "--stand-ins", CONTRACT, what="a mapping", fix=form).value
    if not isinstance(found, dict) or not all(isinstance(each, dict) for each in found.values()):
        raise UsageError.of(
            what=f"`{text}` names no fields of filters",
            where=Location("--stand-ins"),
            why="a stand-in is a mapping of fields below the name, id or place of a filter",
            fix=form,
        )
    return {str(name): each for name, each in found.items()}


codec_option = click.option(
    "--codec",
    type=click.Choice(["plain", "json"]),
    help="Codec of a line (default: that of the inputs).",
)


def reading(configuration: nodes.Configuration, codec: str | None) -> Input:
    """Return how lines become events, as `verify` takes it from the inputs.

    Args:
        configuration: The configuration with the inputs.
        codec: The codec that is given instead.

    Raises:
        Unsupported: Every input parses its lines in another way, or the inputs differ.
    """
    if codec is not None:
        return Input(json=codec == "json")
    try:
        found = received_lines(configuration)
    except Unsupported as error:
        raise _without_codec(error.findings) from None
    if found.undecided:
        raise _without_codec([found.undecided])
    return found


def _without_codec(findings: Iterable[Finding]) -> Unsupported:
    fix = "give the codec of the lines by `--codec`, or by `codec` in a case file."
    return Unsupported(*(replace(each, fix=fix) for each in findings))


def trace_event(pipeline: Pipeline, event: Event) -> FilterTrace:
    """Run one event through ``pipeline``; a crash is part of the trace."""
    trail = Trail()
    try:
        (outcome,) = pipeline.run([event], observer=trail)
    except PipelineCrash as crash:
        return FilterTrace(pipeline.sources, pipeline.context, trail.steps, crash=crash.finding)
    return FilterTrace(
        pipeline.sources,
        pipeline.context,
        trail.steps,
        outcome.events,
        outcome.unsupported,
        tuple(loss.finding for loss in outcome.lost),
        failure_tags=pipeline.failure_tags,
    )


def read_time(text: str | None, option: str) -> int | None:
    """Return nanoseconds since 1970; raises `UsageError` unless ``text`` is ISO 8601."""
    if text is None:
        return None
    try:
        return Timestamp.parse(text).nanoseconds
    except ValueError:
        raise UsageError.of(
            what=f"`{text}` is no time",
            where=Location("command line"),
            why=f"`{option}` takes a time in ISO 8601",
            fix=f"write it as in `{option} 2026-01-15T10:20:30.123Z`.",
        ) from None


def read_configuration(
    paths: Sequence[str], settings: Settings, environment: Mapping[str, str] | None = None
) -> nodes.Configuration:
    """Parse the files, folders and globs in ``paths`` as one configuration.

    Args:
        paths: What the command line names.
        settings: Logstash's own settings.
        environment: The variables; None for those of this process. Those of the containers
            around that run Logstash come behind them.

    Raises:
        InputError: A file cannot be read or parsed.
        Unsupported: A filter or condition needs a variable whose value is not known.
    """
    tree, missing = parse_configuration(paths, settings, environment)
    if unknown := [*unknown_variables(tree, missing, "filter")]:
        raise Unsupported(*unknown)
    return tree


def parse_configuration(
    paths: Sequence[str], settings: Settings, environment: Mapping[str, str] | None = None
) -> tuple[nodes.Configuration, Mapping[str, str]]:
    """Parse as `read_configuration` does, and return the reasons for unknown variables as well.

    Args:
        paths: As for `read_configuration`.
        settings: As for `read_configuration`.
        environment: As for `read_configuration`.
    """
    found = [*expanded(paths)]
    own = os.environ if environment is None else environment
    variables = replace(surroundings(tuple(found)), own=own).variables()
    tree = parse(
        [_source(path) for path in found],
        support_escapes=settings.support_escapes,
        environment=variables,
        keep_undefined=True,
    )
    return tree, variables.missing


def _source(path: str) -> Source:
    from toolkit.evidence.files import File, decode

    name = "standard input" if path == "-" else PurePath(path).as_posix()
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise InputError(unreadable(path, error)) from error
    return Source(name, decode(File(name, data), "a configuration"))


_OPTIONS = all_of(
    click.option(
        "--ecs",
        type=click.Choice(["disabled", "v1", "v8"]),
        help="Logstash's pipeline.ecs_compatibility (default: by the files around, or v8).",
    ),
    click.option("--support-escapes", is_flag=True, help="Logstash's config.support_escapes."),
    click.option("--now", metavar="TIME", help="Time of the clock (default: now)."),
    click.option(
        "--stand-ins",
        metavar="YAML",
        help="Fields that filters which are not emulated set, as `stand_ins:` of a contract.",
    ),
)
