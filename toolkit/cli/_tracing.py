"""Finds the pipeline a line goes through, and says how it came out."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from toolkit.cli._bugs import on_bug
from toolkit.cli._contract import read_scope
from toolkit.cli._follow import Followed, follow
from toolkit.cli._names import no_such_logs
from toolkit.cli._outcome import dotted, show_event
from toolkit.cli._pipelines import Settings, read_configuration
from toolkit.cli._trail import show_journey
from toolkit.connectors.files import FileSystem
from toolkit.elasticsearch.templates import Template
from toolkit.errors import ContractError, PipelineError, Unavailable, UsageError
from toolkit.evidence.elasticsearch.templates import template as template_of
from toolkit.evidence.logs.events import Shipped, received, start_events
from toolkit.evidence.logs.failures import FAILURE_TAGS
from toolkit.evidence.logs.joining import joining
from toolkit.evidence.logs.lines import Line
from toolkit.evidence.logs.pipelines import pipeline as pipeline_of
from toolkit.filebeat.config import Input
from toolkit.findings import Finding
from toolkit.logstash.event.event import Event
from toolkit.logstash.pipeline.compiler import compile as compile_pipeline
from toolkit.logstash.pipeline.trail import leaves
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import Answers, Query, Unanswered
from toolkit.reports.layout.terminal import Style
from toolkit.verification import gather


@dataclass(frozen=True, slots=True)
class Traced:
    """A line, followed through one pipeline."""

    found: Followed
    expected: LogExpectation | None = None
    template: Template | None = None

    @property
    def failures(self) -> tuple[str, ...]:
        """The tags by which filters marked what they could not do."""
        marks = FAILURE_TAGS.union(self.expected.failure_tags if self.expected else ())
        tags = (tag for event in self.found.events for tag in event.fields.get("tags") or ())
        return tuple(dict.fromkeys(tag for tag in tags if tag in marks))

    @property
    def missing(self) -> tuple[str, ...]:
        """Fields that the contract promises, and no event has."""
        there = {dotted(name) for event in self.found.events for name, _ in leaves(event)}
        promised = self.expected.fields if self.expected else {}
        return tuple(name for name in promised if name not in there)

    @property
    def exit_code(self) -> int:
        """1 if it was not parsed or was lost, 3 if it reached what is not emulated."""
        return 1 if self.failures else self.found.exit_code


def of_configurations(paths: Sequence[str], text: str, settings: Settings) -> Traced:
    """Follow a line through configurations as they are."""
    configuration = read_configuration(paths, settings)
    pipeline = compile_pipeline(configuration, settings.context(paths))
    event = _event(Line("line", 1, text), Shipped(), pipeline.context.clock())
    return Traced(follow(pipeline, event))


def of_contract(path: Path, text: str, name: str | None, now: int | None) -> Traced:
    """Follow a line through the pipelines of a contract, to the first that parses it.

    Raises `UsageError`, `ContractError`, `PipelineError` or `Unavailable`.
    """
    scope = read_scope(path)
    scope = replace(scope, now=time.time_ns() if now is None else now)
    candidates = [_traced(scope, each, text) for each in _chosen(scope, name)]
    return next((each for each in candidates if not each.exit_code), candidates[0])


def _chosen(scope: Scope, name: str | None) -> list[LogExpectation]:
    logs = [each for each in scope.contract.logs if each.pipeline]
    if name is not None and name not in {each.name for each in logs}:
        raise UsageError(no_such_logs(name, [each.name for each in logs]))
    if not logs:
        raise ContractError(_no_pipeline(scope))
    return [each for each in logs if name in (None, each.name)]


def _traced(scope: Scope, expected: LogExpectation, text: str) -> Traced:
    pipeline, shipper = pipeline_of(expected, scope.now), joining(expected, scope.now)
    template = template_of(expected)
    asked = [query for query in (pipeline, shipper, template) if query is not None]
    answers = gather(asked, [FileSystem(Path(scope.folder))], lambda system: None, on_bug)
    compiled = _evidence(answers, pipeline)
    if compiled.pipeline is None:
        raise PipelineError(*compiled.faults)
    sender = _evidence(answers, shipper) or Input()
    line = Line("line", 1, text, sender.json)
    shipped = received({**sender.event(), **expected.event}, compiled)
    event = _event(line, shipped, scope.now)
    return Traced(follow(compiled.pipeline, event), expected, _evidence(answers, template))


def _event(line: Line, shipped: Shipped, now: int) -> Event:
    """The one event of a line; raises `UsageError` where it holds none, or several."""
    events = list(start_events(line, shipped, now))
    if len(events) != 1:
        raise UsageError(_not_one(line, len(events)))
    return events[0]


def _not_one(line: Line, events: int) -> Finding:
    return Finding(
        what=f"the line holds {events or 'no'} events",
        where=line.at(0, len(line.text)),
        why="the input's codec makes an event of each object in an array; one is followed here",
        fix="give one of the objects alone.",
    )


def _evidence(answers: Answers, query: Query[Any] | None) -> Any:
    """What answers the query; None for none."""
    if query is None:
        return None
    answer = answers[query]
    if isinstance(answer, Unanswered):
        raise Unavailable(*answer.findings)
    return answer.evidence


def show(traced: Traced, style: Style) -> Iterator[str]:
    """The steps, the events they led to, and a verdict."""
    yield from show_journey(traced.found.journey, style)
    template = traced.template
    mapped = None if template is None else (lambda name: template.type_of(name) or "dynamic")
    for event in traced.found.events:
        yield ""
        yield from show_event(event, style, mapped=mapped)
    yield ""
    yield _verdict(traced, style)


def _verdict(traced: Traced, style: Style) -> str:
    found = traced.found
    if found.crash:
        return style.paint("DIED", "red", "bold") + "  the pipeline, and the batch with it"
    if found.unsupported:
        return style.paint("UNPROVEN", "yellow", "bold") + "  it reached what is not emulated"
    if found.lost:
        return style.paint("LOST", "red", "bold") + "  a condition dropped the event"
    if traced.failures:
        return style.paint("NOT PARSED", "red", "bold") + f"  {', '.join(traced.failures)}"
    if not found.events:
        return style.paint("DROPPED", "yellow", "bold") + "  by the pipeline"
    missing = f", without {', '.join(traced.missing)}" if traced.missing else ""
    count = sum(1 for event in found.events for _ in leaves(event))
    events = f"{len(found.events)} events, " if len(found.events) > 1 else ""
    return style.paint("PARSED", "green", "bold") + f"  {events}{count} fields{missing}"


def _no_pipeline(scope: Scope) -> Finding:
    return Finding(
        what="the contract names no pipeline",
        where=scope.contract.declared,
        why="a line is followed through the pipeline of its logs",
        fix="add `pipeline:` to an entry of `logs:`, or give `--pipeline CONF`.",
    )
