"""What is sent on purpose: lines of the samples, each with an identity of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import cycle, islice

from toolkit.errors import InputError
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
"""Nanoseconds, a day and a half: a time that was renewed may be one of another zone."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One event on its way into an index."""

    id: str
    """The id of its document; for Filebeat the value of the field that tells lines apart."""
    line: Line
    event: str
    """What the pipeline makes of the line, as JSON."""
    index: str = ""
    """The index it is put into; empty behind Filebeat."""


@dataclass(frozen=True, slots=True)
class _EventEntries(Derived[tuple[LedgerEntry, ...]]):
    """Events of the samples, unchanged, under ids that are the same in each run.

    So what a run that was killed has left is found by the next one.
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
    """Lines of the samples with another id in each."""

    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _LinesWithIdsOf(Derived[_LinesWithIds]):
    """Put ids into the lines that hold one; raises `InputError` where none does."""

    lines: Query[Lines]
    events: Query[Events]
    name: str
    ledger: LedgerExpectation
    field: str
    now: int
    renewed: bool
    """Whether the time of the line becomes the present one."""

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
    """The marked lines in whose event the pipeline leaves the id; with the present time, if so.

    Raises `InputError` where there is none.
    """

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
    """The lines that hold the value of their id, and the value."""
    for record in found.records:
        values = {value for event in record.events for value in lookup(event, field)}
        if len(record.events) == len(values) == 1:
            (value,) = values
            if isinstance(value, str) and value in record.line.text and alike(value, ""):
                yield record.line, value


def entries(
    expected: LogExpectation, ledger: LedgerExpectation, scope: Scope
) -> Query[tuple[LedgerEntry, ...]]:
    """What is sent of lines of this kind; has no answer where nothing can be."""
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
        why="they are made of sample lines, by what the pipeline makes of them",
        fix="name both: `samples:` and `pipeline:`.",
    )


def _no_events(ledger: LedgerExpectation) -> Finding:
    return Finding(
        what="the ledger has no events to send",
        where=ledger.declared,
        why="the pipeline makes none of the sample lines",
        fix="name samples that the pipeline does not drop.",
    )


def _no_field(ledger: LedgerExpectation) -> Finding:
    return Finding(
        what="no field tells the lines of the ledger apart",
        where=ledger.declared,
        why="behind Filebeat and Logstash a line is known by a value that stood in it, such as "
        "the id of a request",
        fix="name the field that holds it: `ledger: {id: FIELD, …}`, or give it `role: id`.",
    )


def _no_carrier(ledger: LedgerExpectation, field: str) -> Finding:
    return Finding(
        what=f"no sample line can carry an id in `{field}`",
        where=ledger.declared,
        why="another value in its place must come out of the pipeline as it is, in one event; "
        "to be unique it must have some 15 letters or digits",
        fix="name a field that holds such a value of the line, or add lines that have one.",
    )
