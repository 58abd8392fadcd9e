"""Events that a pipeline makes of lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from toolkit.evidence.logs.doubts import Doubts, doubts_of
from toolkit.evidence.logs.grouped_run import PipelineDeath, run_grouped
from toolkit.evidence.logs.lines import Line, Lines, lines
from toolkit.evidence.logs.pipelines import Compiled, pipeline
from toolkit.findings import Finding, Mark, Subject
from toolkit.logstash.config import nodes
from toolkit.logstash.event.codecs import from_json, from_line
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.values import Timestamp, copy
from toolkit.logstash.pipeline.compiler import Outcome, Pipeline
from toolkit.logstash.pipeline.unparsed import Unparsed, unparsed
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.frozen import FrozenMapping
from toolkit.model.queries import Answer, Derived, Query


@dataclass(frozen=True, slots=True)
class Record:
    """A line and its events: none if it was dropped."""

    line: Line
    events: tuple[Mapping[str, Any], ...]
    lost: tuple[Finding, ...] = ()
    """Conditions that failed, and so dropped it."""
    lost_events: tuple[Mapping[str, Any], ...] = ()
    """The events these conditions dropped."""
    unparsed: tuple[Unparsed, ...] = ()
    """The texts that filters failed to parse."""


@dataclass(frozen=True, slots=True)
class ShippedFields:
    """The fields of each event before the first filter, besides the line."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    keeps_original: bool = False
    """True if the input keeps the line as ``event.original``, as the beats input does."""


@dataclass(frozen=True, slots=True)
class Events:
    """The lines of one source, and the events that a pipeline makes of them."""

    records: tuple[Record, ...]
    pipeline: Pipeline
    shipped: ShippedFields
    now: int
    """Nanoseconds since 1970: the time of arrival."""
    crash: Finding | None = None
    """The crash of the pipeline; the lines of that batch, and all after it, have no events."""
    unknown: int = 0
    """Number of lines whose events are not known."""
    doubts: Doubts = field(default_factory=Doubts)
    """The fields of the other lines that are not known."""
    configuration: nodes.Configuration | None = None
    """The syntax tree of the pipeline."""

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        for record in self.records:
            yield from record.events

    def fields(self) -> tuple[str, ...]:
        """Return the dotted names of all fields, in order of appearance."""
        return tuple(dict.fromkeys(name for event in self for name in _names(event)))


@dataclass(frozen=True, slots=True)
class EventsOf(Derived[Events]):
    """Run lines through a pipeline."""

    lines: Query[Lines]
    pipeline: Query[Compiled]
    added: FrozenMapping[Any] = field(default_factory=FrozenMapping)
    """The fields that the contract adds to each event."""
    now: int = 0

    def derive(self, found: Answer[Lines], compiled: Answer[Compiled]) -> Answer[Events]:
        running = compiled.evidence.started()
        added = {**found.evidence.event, **self.added}
        shipped = received(added, compiled.evidence)
        given = tuple(found.evidence)
        passed, crash = list[tuple[Line, tuple[Outcome, ...]]](), None
        try:
            started = ((line, start_events(line, shipped, self.now)) for line in given)
            passed.extend(run_grouped(running, started))
        except PipelineDeath as died:
            crash = _crash(died.finding, died.thing)
        known = [(line, outcomes) for line, outcomes in passed if _known(outcomes)]
        records = tuple(_record(line, outcomes) for line, outcomes in known)
        unknown = len(given) - len(records)
        doubts = doubts_of(_left(outcomes) for _, outcomes in known)
        tree = compiled.evidence.configuration
        evidence = Events(records, running, shipped, self.now, crash, unknown, doubts, tree)
        caveats = (*_doubts(passed), *([_unseen(crash, unknown)] if crash else ()))
        return Answer(evidence, found.origin, len(given), found.unit, caveats)


def _known(outcomes: Sequence[Outcome]) -> bool:
    return not any(outcome.unsupported for outcome in outcomes)


def _doubts(passed: Sequence[tuple[Line, Sequence[Outcome]]]) -> Iterator[Finding]:
    """Yield the unsupported parts, with the number of lines that reach them."""
    reached = Counter(
        finding
        for _, outcomes in passed
        for finding in dict.fromkeys(each for outcome in outcomes for each in outcome.unsupported)
    )
    for finding, times in reached.items():
        yield replace(
            finding, what=f"{finding.what}, and reached by {times} of {len(passed)} lines"
        )


def _crash(died: Finding, line: Line) -> Finding:
    first = line.at(0, len(line.text.partition("\n")[0]))
    return replace(
        died, marks=(*died.marks, Mark("line", first)), breaks=(Subject("run", f"{died.where}"),)
    )


def _unseen(crash: Finding, lines: int) -> Finding:
    return Finding(
        what=f"the pipeline crashes, so {lines} lines have no events",
        where=crash.where,
        why=crash.what,
        fix=crash.fix,
        follows=crash.breaks,
    )


def received(added: Mapping[str, Any], compiled: Compiled) -> ShippedFields:
    """Return the fields of each event after the pipeline's input.

    The beats input adds its tag and, in the ECS modes, ``event.original``.
    """
    tree, running = compiled.configuration, compiled.pipeline
    inputs = tree.statements("input") if tree else ()
    if not any(isinstance(each, nodes.Plugin) and each.name == "beats" for each in inputs):
        return ShippedFields(added)
    tags = [*added.get("tags", ()), "beats_input_codec_plain_applied"]
    ecs = running is not None and running.context.ecs_compatibility != "disabled"
    return ShippedFields({**added, "tags": tags}, keeps_original=ecs)


def start_events(line: Line, shipped: ShippedFields, now: int) -> Iterator[Event]:
    """Yield the events of a line before the first filter.

    Args:
        line: One line, or several that were joined.
        shipped: The fields that the shipper and the input add.
        now: The time of arrival, in nanoseconds since 1970.

    Yields:
        One event; for JSON, one for each object of an array, and none for a blank line.
    """
    given = from_json if line.json else from_line
    for event in given(line.text, Timestamp(now)):
        _decorate(event, copy(dict(shipped.fields)))
        for name, mark in line.marks:
            _mark(event, name, mark)
        if shipped.keeps_original and not event.includes("[event][original]"):
            event.set("[event][original]", line.text)
        yield event


def _mark(event: Event, name: str, mark: str) -> None:
    """Append to a list of marks."""
    if name == "tags":
        event.tag(mark)
        return
    there = event.get(name)
    event.set(name, [*there, mark] if isinstance(there, list) else [mark])


def _decorate(event: Event, added: dict[str, Any]) -> None:
    """Add fields to a decoded event; its own ones win."""
    for tag in added.pop("tags", ()):
        event.tag(tag)
    event.fields = {**added, **event.fields}


def _left(outcomes: Sequence[Outcome]) -> list[Event]:
    """The events that come out, and those that a condition cost."""
    events = [event for outcome in outcomes for event in outcome.events]
    return [*events, *(each.event for outcome in outcomes for each in outcome.lost)]


def _record(line: Line, outcomes: Sequence[Outcome]) -> Record:
    lost = [each for outcome in outcomes for each in outcome.lost]
    events = [event for outcome in outcomes for event in outcome.events]
    return Record(
        line,
        tuple(event.to_dict() for event in events),
        tuple(each.finding for each in lost),
        tuple(each.event.to_dict() for each in lost),
        tuple(each for event in _left(outcomes) for each in unparsed(event)),
    )


def _names(event: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[str]:
    for name, value in event.items():
        if isinstance(value, Mapping):
            yield from _names(value, (*path, name))
        else:
            yield ".".join((*path, name))


def lookup(event: Mapping[str, Any], field: str) -> tuple[Any, ...]:
    """Return the values of a dotted field, arrays flattened; empty if it is missing.

    To Elasticsearch, ``{"a": {"b": 1}}`` and ``{"a.b": 1}`` have the same field.

    >>> lookup({"a": {"b": [1, 2]}}, "a.b"), lookup({"a.b": 3}, "a.b"), lookup({}, "a.b")
    ((1, 2), (3,), ())
    """
    if field in event:
        return _opened(event[field])
    head, dot, rest = field.partition(".")
    while dot:
        if isinstance(event.get(head), Mapping):
            return lookup(event[head], rest)
        more, dot, rest = rest.partition(".")
        head = f"{head}.{more}"
    return ()


def _opened(value: Any) -> tuple[Any, ...]:
    if isinstance(value, list):
        return tuple(each for item in value for each in _opened(item))
    return () if value is None else (value,)


def events(
    expected: LogExpectation, scope: Scope, timezone: str = "UTC"
) -> Mapping[str, Query[Events]]:
    """Return the queries for the events of these lines, by the source of the lines.

    Args:
        expected: The lines and their pipeline.
        scope: The contract, and the time of the run.
        timezone: The time zone of the machine, as in the tz database.
    """
    compiled = pipeline(expected, scope, timezone)
    if compiled is None:
        return {}
    added = FrozenMapping(expected.event)
    return {
        source: EventsOf(found, compiled, added, scope.now)
        for source, found in lines(expected, scope).items()
    }


def promised_events(expected: LogExpectation, scope: Scope) -> Mapping[str, Query[Events]]:
    """Return the queries for the events of lines whose fields are declared, by their source."""
    return events(expected, scope) if expected.fields else {}
