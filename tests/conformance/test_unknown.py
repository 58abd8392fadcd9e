"""What is said to be known of an event is so, whatever filters and fields are not known.

The emulation makes of recorded inputs what real Logstash made of them (`test_filters`,
`test_pipelines`). Here it runs them once more without knowing a field, or without knowing what
one of the filters does: each field that it still knows has the same value as before.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import RECORDINGS, decode
from tests.conformance.filters import Case, _context, _event, _in_folder, read_cases
from tests.conformance.pipelines import Recording, find_recordings
from toolkit.findings import Finding, Location
from toolkit.logstash.config import nodes
from toolkit.logstash.config.sources import Sources
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.fieldref import METADATA, FieldError
from toolkit.logstash.fields import ANY, Name, names_of
from toolkit.logstash.filters import Filter, PipelineDied, filter_class
from toolkit.logstash.flow.effects import effects, effects_of
from toolkit.logstash.options import OptionError
from toolkit.logstash.options import decode as decode_options
from toolkit.logstash.pipeline.branches import BranchStep
from toolkit.logstash.pipeline.compiler import compile as compile_pipeline
from toolkit.logstash.pipeline.steps import (
    OpaqueStep,
    PipelineCrash,
    PipelineStep,
    PluginStep,
    Run,
)
from toolkit.logstash.unknown import PartlyKnown, differences

CAUSE = Finding("a test keeps it secret", Location("test"), "", "")
FILES = sorted((RECORDINGS / "filters").glob("*.jsonl"))
RUNS = find_recordings(RECORDINGS / "pipelines")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_filter_that_does_not_know_a_field(path: Path) -> None:
    wrong = [(case.id, *found) for case in read_cases(path) for found in _of_filter(case)]
    assert wrong == []


def _of_filter(case: Case) -> Iterator[tuple[Name, list[Name]]]:
    """Yield the fields without which the emulation knows others wrongly."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in case.record.get("files", {}).items():
            file = Path(_in_folder(name, folder))
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        options = _in_folder(decode(case.record["config"]), folder)
        found = filter_class(case.record["filter"])
        assert found is not None
        try:
            subject = decode_options(found, options)
            whole = _ran(subject, options, _event(case.record["event"]))
        except (OptionError, PipelineDied, FieldError, PipelineCrash):
            return
        for secret in _names(_event(case.record["event"]), subject):
            event = PartlyKnown.of(_event(case.record["event"]))
            event.taint([secret], CAUSE)
            try:
                part = _ran(subject, options, event)
            except PipelineCrash:
                continue
            if part is not None and (lost := mistaken(whole or [], part)):
                yield secret, lost


def _names(event: Event, subject: Filter) -> Iterator[Name]:
    """Yield names of fields that are there, and of some that the filter may write or read."""
    for name, value in event.fields.items():
        yield (name,)
        parts = value if isinstance(value, dict | list) else ()
        yield from ((name, part) for part in parts if isinstance(part, str))
    yield from dict.fromkeys(subject.changes(_context()))
    yield from names_of(*subject.sources)
    yield from ((METADATA, "x"), ("tags", "x"), ANY)


def _ran(subject: Filter, options: dict[str, Any], event: Event) -> list[Event] | None:
    """Return the events behind a filter; None if these are said to be unknown altogether."""
    context, run = _context(), Run()
    step = PluginStep(
        nodes.Plugin(subject.plugin, (), span=(0, 0)),
        Sources(()),
        subject.register(context),
        lambda: effects(subject, options, context),
    )
    events = step.run([event], run)
    return None if run.unsupported else events


@pytest.mark.parametrize("recording", RUNS, ids=lambda each: each.folder.name)
def test_a_pipeline_with_a_filter_that_is_not_known(recording: Recording) -> None:
    configuration, context = recording.configured()
    pipeline = compile_pipeline(configuration, context)
    whole = [[*each.events] for each in pipeline.run(recording.events())]
    wrong = []
    for plugin in nodes.plugins(configuration.statements("filter")):
        hidden = OpaqueStep(plugin, effects_of(plugin, context), CAUSE)
        steps = tuple(_without(plugin, hidden, pipeline.steps))
        part = replace(pipeline, steps=steps).run(recording.events())
        for expected, outcome in zip(whole, part, strict=True):
            if not outcome.unsupported and (lost := mistaken(expected, outcome.events)):
                wrong.append((plugin.name, plugin.name_span, outcome.index, lost))
    assert wrong == []


def _without(
    plugin: nodes.Plugin, hidden: OpaqueStep, steps: Iterable[PipelineStep]
) -> Iterator[PipelineStep]:
    for step in steps:
        if isinstance(step, BranchStep):
            arms = (
                replace(arm, body=tuple(_without(plugin, hidden, arm.body))) for arm in step.arms
            )
            yield replace(step, arms=tuple(arms))
        else:
            yield hidden if isinstance(step, PluginStep) and step.node is plugin else step


def mistaken(whole: Sequence[Event], part: Sequence[Event]) -> list[Name]:
    """Return the fields that are said to be known, and are not so."""
    if len(whole) != len(part):
        return [("number of events",)]
    return [
        name
        for real, seen in zip(whole, part, strict=True)
        for name in differences(real, seen)
        if not (isinstance(seen, PartlyKnown) and any(e.covers(name) for e in seen.unknowns))
    ]
