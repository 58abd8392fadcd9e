"""Finds the pipeline of a line, and traces the line through it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from toolkit.cli._contract import read_scope
from toolkit.cli._evidence import answers_to, evidence_in
from toolkit.cli._names import unknown
from toolkit.cli._pipelines import Settings, trace_event
from toolkit.connectors.files import FileSystem
from toolkit.elasticsearch.documents import DynamicIndex
from toolkit.elasticsearch.templates import Template
from toolkit.errors import ContractError, PipelineError, Unsupported, UsageError
from toolkit.evidence.elasticsearch.templates import template as template_of
from toolkit.evidence.logs.events import ShippedFields, received, start_events
from toolkit.evidence.logs.joining import joining
from toolkit.evidence.logs.lines import Line
from toolkit.evidence.logs.pipelines import pipeline as pipeline_of
from toolkit.filebeat.config import Input
from toolkit.logstash.event.event import Event
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.reports.terminal.trace import LineTrace


def of_configurations(paths: Sequence[str], text: str, settings: Settings) -> LineTrace:
    """Trace a line through configurations, without a contract.

    Args:
        paths: Paths and globs of configurations.
        text: The line.
        settings: Settings of Logstash, and the clock.

    Raises:
        InputError: A configuration cannot be read, or has faults.
        UsageError: The line holds no event, or several.
    """
    _, pipeline = settings.compiled(paths)
    event = _event(Line("line", 1, text), ShippedFields(), pipeline.context.clock())
    return LineTrace(trace_event(pipeline, event))


def of_contract(path: Path, text: str, name: str | None, now: int | None) -> LineTrace:
    """Trace a line through the pipelines of a contract, up to the first that parses it.

    Args:
        path: Path of the contract.
        text: The line.
        name: Name of the logs it belongs to; None for all in turn.
        now: Time of the clock in nanoseconds since 1970; None for now.

    Raises:
        ContractError: The contract has faults, or no pipeline.
        PipelineError: The pipeline has faults.
        Unavailable: One of its files cannot be read.
        UsageError: No logs have this name, or the line holds no event, or several.
    """
    scope = read_scope(path)
    scope = replace(scope, now=time.time_ns() if now is None else now)
    candidates = [_traced(scope, each, text) for each in _chosen(scope, name)]
    return min(candidates, key=lambda each: each.rank)


def _chosen(scope: Scope, name: str | None) -> list[LogExpectation]:
    logs = [each for each in scope.contract.logs if each.pipeline]
    if name is not None and name not in {each.name for each in logs}:
        raise UsageError(unknown("log", name, [each.name for each in logs]))
    if not logs:
        raise ContractError.of(
            what="the contract names no pipeline",
            where=scope.contract.declared,
            why="a line is traced through the pipeline of its logs",
            fix="add `pipeline:` to an entry of `logs:`, or give `--pipeline CONF`.",
        )
    return [each for each in logs if name in (None, each.name)]


def _traced(scope: Scope, expected: LogExpectation, text: str) -> LineTrace:
    pipeline, shipper = pipeline_of(expected, scope), joining(expected, scope)
    template = template_of(expected)
    asked = [query for query in (pipeline, shipper, template) if query is not None]
    answers = answers_to(asked, [FileSystem(Path(scope.folder))])
    compiled = evidence_in(answers, pipeline)
    if compiled.pipeline is None:
        raise PipelineError(*compiled.faults)
    sender = evidence_in(answers, shipper) or Input()
    line = Line("line", 1, text, sender.json)
    shipped = received({**sender.event(), **expected.event}, compiled)
    event = _event(line, shipped, scope.now)
    traced = LineTrace(trace_event(compiled.pipeline, event), expected)
    return _indexed(traced, evidence_in(answers, template))


def _indexed(traced: LineTrace, template: Template | None) -> LineTrace:
    """Index the events of a trace as the first ones of an index of the template."""
    if template is None:
        return traced
    index = DynamicIndex(template.mappings, template.settings)
    try:
        outcomes = [index.index(each.to_dict()) for each in traced.trace.events]
    except Unsupported as error:
        return replace(traced, template=template, unindexed=error.findings)
    refused = [each.reason or each.error for each in outcomes if each.result == "rejected"]
    return replace(traced, template=template, refused=tuple(dict.fromkeys(refused)))


def _event(line: Line, shipped: ShippedFields, now: int) -> Event:
    """Return the one event of a line; raises `UsageError` without one, or with several."""
    events = list(start_events(line, shipped, now))
    if len(events) != 1:
        raise UsageError.of(
            what=f"the line holds {len(events) or 'no'} events",
            where=line.at(0, len(line.text)),
            why="the codec of the input makes an event of each object in an array; one is traced",
            fix="give a single object.",
        )
    return events[0]
