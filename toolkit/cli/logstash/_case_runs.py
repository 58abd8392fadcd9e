"""Sends the lines of case files through a pipeline."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.cli.logstash._cases import Case, CaseFile
from toolkit.cli.logstash._dynamic import without
from toolkit.errors import InputError
from toolkit.findings import Location
from toolkit.logstash.event.codecs import CODECS, UNKNOWN, print_event
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.fieldref import FieldError
from toolkit.logstash.event.values import Timestamp, copy
from toolkit.logstash.pipeline.compiler import Pipeline
from toolkit.logstash.pipeline.steps import PipelineCrash
from toolkit.logstash.unknown import causes, forget
from toolkit.reports.terminal.case_results import Result

_ALWAYS_IGNORED = ("@version",)


def run_case(pipeline: Pipeline, file: CaseFile) -> Iterator[Result]:
    """Send the lines of each case of a file through ``pipeline``."""
    for case in file.cases:
        try:
            outcomes = list(pipeline.run(_events(pipeline, file, case)))
        except PipelineCrash as crash:
            yield Result(
                file.path, case.description, case.expected, (), (crash.finding,), crashed=True
            )
            continue
        events = [event for outcome in outcomes for event in outcome.events]
        seen = [_seen(each, file) for each in events]
        caveats = dict.fromkeys(each for outcome in outcomes for each in outcome.unsupported)
        expected = case.expected
        if len(expected) == len(seen):
            pairs = zip(expected, seen, strict=True)
            expected = tuple(forget(each, event.unknowns) for each, event in pairs)
        yield Result(
            file.path,
            case.description,
            expected,
            tuple(_fields(each, file) for each in seen),
            tuple(caveats or causes(seen)),
            known=not caveats,
        )


def _events(pipeline: Pipeline, file: CaseFile, case: Case) -> Iterator[Event]:
    now = Timestamp(pipeline.context.clock())
    for line in case.lines:
        for event in CODECS[file.codec](line, now):
            for reference, value in case.fields.items():
                try:
                    event.set(reference, copy(value))
                except FieldError as error:
                    raise InputError.of(
                        what=f"`{reference}` cannot be set before the first filter",
                        where=Location(str(file.path)),
                        why=str(error),
                        fix="correct it in `fields`.",
                    ) from None
            yield event


def _seen(event: Event, file: CaseFile) -> Event:
    """Return the event without ignored fields, whether they are known or not."""
    seen = event.clone()
    for reference in (*_ALWAYS_IGNORED, *file.ignore):
        seen.discard(reference)
    return seen


def _fields(event: Event, file: CaseFile) -> Mapping[str, Any]:
    """Return the known fields as JSON."""
    fields: dict[str, Any] = json.loads(print_event(event))
    fields.pop(UNKNOWN, None)
    return without(file.dynamic, fields)
