"""The lines that a ledger sends: lines of the samples, each with an id of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import cycle, islice

from toolkit.errors import InputError, Unsupported
from toolkit.evidence.elasticsearch.destinations import destination, outputs
from toolkit.evidence.logs.events import Events, EventsOf, events, lookup
from toolkit.evidence.logs.identities import alike, id_field, ledger_name, numbered, renewed
from toolkit.evidence.logs.lines import Line, Lines
from toolkit.evidence.logs.pipelines import Compiled
from toolkit.findings import Finding
from toolkit.logstash.event.values import Timestamp
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LedgerExpectation, LogExpectation
from toolkit.model.queries import Answer, Derived, Query, Unanswerable

_NEAR = 130_000_000_000_000
"""Nanoseconds, a day and a half: a renewed time may be in another time zone."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One event to send."""

    id: str
    """The id of its document; behind Filebeat, the value of the id field."""
    line: Line
    event: str
    """The event that the pipeline makes of the line, as JSON."""
    index: str = ""
    """The index it is written to; empty behind Filebeat."""


@dataclass(frozen=True, slots=True)
class _EventEntries(Derived[tuple[LedgerEntry, ...]]):
    """Events of the samples, unchanged, under ids that are the same in each run.

    The next run can therefore find what an interrupted run has left.
    """

    events: Query[Events]
    pipeline: Query[Compiled]
    name: str
    ledger: LedgerExpectation
    index: str
    now: int

    def derive(
        self, found: Answer[Events], compiled: Answer[Compiled]
    ) -> Answer[tuple[LedgerEntry, ...]]:
        if doubts := found.evidence.doubts.all:
            raise Unsupported(*doubts)
        names = outputs(compiled.evidence)
        made = [
            (
                record.line,
                json.dumps(event, default=str),
                destination(event, names, self.index, self.now),
            )
            for record in found.evidence.records
            for event in record.events
        ]
        if not made:
            raise InputError(_no_events(self.ledger))
        ids = numbered(self.name, self.ledger.lines)
        sent = tuple(LedgerEntry(id_, *each) for id_, each in zip(ids, cycle(made), strict=False))
        return Answer(sent, found.origin, len(sent), "lines to send")


@dataclass(frozen=True, slots=True)
class _LinesWithIds(Lines):
    """Sample lines with new ids in them."""

    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _LinesWithIdsOf(Derived[_LinesWithIds]):
    """Replace the ids in the lines that contain one."""

    lines: Query[Lines]
    events: Query[Events]
    name: str
    ledger: LedgerExpectation
    field: str
    now: int
    renewed: bool
    """True if the time in the line is replaced by the present one."""

    def derive(self, lines: Answer[Lines], found: Answer[Events]) -> Answer[_LinesWithIds]:
        carriers = list(_carriers(found.evidence, self.field))
        chosen = islice(cycle(carriers), self.ledger.lines)
        marked = [self._marked(number, *each) for number, each in enumerate(chosen)]
        ids, texts = tuple(each for each, _ in marked), tuple(line for _, line in marked)
        evidence = _LinesWithIds(texts, lines.evidence.event, ids)
        return Answer(evidence, found.origin, len(marked), "lines to send")

    def _marked(self, number: int, line: Line, value: str) -> tuple[str, Line]:
        other = alike(value, f"{self.now} {number}", self.name) or value
        text = line.text.replace(value, other)
        if self.renewed:
            text = renewed(text, datetime.fromtimestamp(self.now / 1e9, UTC))
        return other, replace(line, text=text)


@dataclass(frozen=True, slots=True)
class _LineEntries(Derived[tuple[LedgerEntry, ...]]):
    """The lines whose event contains the new id; with the present time, if it is parsed."""

    present: Query[_LinesWithIds]
    past: Query[_LinesWithIds]
    renewed: Query[Events]
    kept: Query[Events]
    ledger: LedgerExpectation
    field: str
    now: int

    def derive(
        self,
        present: Answer[_LinesWithIds],
        past: Answer[_LinesWithIds],
        renewed: Answer[Events],
        kept: Answer[Events],
    ) -> Answer[tuple[LedgerEntry, ...]]:
        fresh = self._survivors(present.evidence, renewed.evidence)
        new = {entry.id: entry for entry in fresh if self._is_present(entry)}
        old = {entry.id: entry for entry in self._survivors(past.evidence, kept.evidence)}
        sent = tuple(new.get(id_) or old[id_] for id_ in past.evidence.ids if {id_} & {*new, *old})
        if not sent:
            raise InputError(_no_carrier(self.ledger, self.field))
        return Answer(sent, past.origin, len(sent), "lines to send")

    def _survivors(self, marked: _LinesWithIds, found: Events) -> Iterator[LedgerEntry]:
        ids = dict(zip(marked.lines, marked.ids, strict=True))
        for record in found.records:
            id_ = ids[record.line]
            values = {value for event in record.events for value in lookup(event, self.field)}
            if len(record.events) == 1 and values == {id_}:
                yield LedgerEntry(id_, record.line, json.dumps(record.events[0], default=str))

    def _is_present(self, entry: LedgerEntry) -> bool:
        try:
            at = Timestamp.parse(str(json.loads(entry.event).get("@timestamp")))
        except ValueError:
            return False
        return abs(at.nanoseconds - self.now) < _NEAR


def _carriers(found: Events, field: str) -> Iterator[tuple[Line, str]]:
    """Yield the lines that contain the value of their id field, and the value."""
    for record in found.records:
        values = {value for event in record.events for value in lookup(event, field)}
        if len(record.events) == len(values) == 1:
            (value,) = values
            if isinstance(value, str) and value in record.line.text and alike(value, ""):
                yield record.line, value


def entries(
    expected: LogExpectation, ledger: LedgerExpectation, scope: Scope
) -> Query[tuple[LedgerEntry, ...]]:
    """Return the query for the lines to send.

    Args:
        expected: The lines and their pipeline.
        ledger: The number of lines, and how they are sent.
        scope: The contract, and the time of the run.

    Returns:
        A query without an answer if there are no lines, or no field with an id.
    """
    found = events(expected, scope)
    if not found:
        return Unanswerable(_no_lines(ledger))
    through = found.get("samples") or next(iter(found.values()))
    assert isinstance(through, EventsOf)
    if ledger.via == "pipeline":
        name = ledger_name(expected)
        index, now = expected.index, scope.now
        return _EventEntries(through, through.pipeline, name, ledger, index, now)
    field = id_field(expected)
    if field is None:
        return Unanswerable(_no_field(ledger))
    named = (through.lines, through, ledger_name(expected), ledger, field, scope.now)
    present, past = _LinesWithIdsOf(*named, True), _LinesWithIdsOf(*named, False)
    renewed, kept = (replace(through, lines=each) for each in (present, past))
    return _LineEntries(present, past, renewed, kept, ledger, field, scope.now)


def _no_lines(ledger: LedgerExpectation) -> Finding:
    return Finding(
        what="the ledger has no lines to send",
        where=ledger.declared,
        why="they are the events that the pipeline makes of the sample lines",
        fix="name both: `samples:` and `pipeline:`.",
    )


def _no_events(ledger: LedgerExpectation) -> Finding:
    return Finding(
        what="the ledger has no events to send",
        where=ledger.declared,
        why="the pipeline drops all sample lines",
        fix="name samples that the pipeline does not drop.",
    )


def _no_field(ledger: LedgerExpectation) -> Finding:
    return Finding(
        what="no field identifies the lines of the ledger",
        where=ledger.declared,
        why="behind Filebeat and Logstash a line is identified by a value in it, such as "
        "the id of a request",
        fix="name its field: `ledger: {id: FIELD, …}`, or give it `role: id`.",
    )


def _no_carrier(ledger: LedgerExpectation, field: str) -> Finding:
    return Finding(
        what=f"no sample line has an id that can be replaced in `{field}`",
        where=ledger.declared,
        why="a new value must pass the pipeline unchanged, in one event; "
        "to be unique it needs about 15 letters or digits",
        fix="name a field with such a value, or add lines that have one.",
    )
