"""Events of the sample lines that an index holds or lacks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.evidence.elasticsearch.responses import (
    IndexedDocument,
    IndexedDocuments,
    live_documents,
)
from toolkit.evidence.logs.events import Events, Record, events, lookup
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import Answer, Derived, Query

_Key = str


@dataclass(frozen=True, slots=True)
class Indexed:
    """The expected events, and the documents found."""

    sent: int
    """Events to expect; 0 if the index holds none of them."""
    found: int
    missing: tuple[Record, ...] = ()
    doubled: tuple[tuple[Record, tuple[IndexedDocument, ...]], ...] = ()
    """Lines with too many documents, and the superfluous documents."""


@dataclass(frozen=True, slots=True)
class IndexedOf(Derived[Indexed]):
    """Look for each event among the newest documents, by all known fields of the contract.

    Events that are equal in all these fields cannot be distinguished, and are counted.
    """

    events: Query[Events]
    documents: Query[IndexedDocuments]
    fields: tuple[str, ...]

    def derive(self, sent: Answer[Events], held: Answer[IndexedDocuments]) -> Answer[Indexed]:
        documents: dict[_Key, list[IndexedDocument]] = {}
        names = [each for each in self.fields if not sent.evidence.doubts.about(each)]
        for each in reversed(held.evidence.documents):
            documents.setdefault(_key(each.source, names), []).append(each)
        expected = dict[_Key, list[Record]]()
        for record in sent.evidence.records:
            for event in record.events:
                expected.setdefault(_key(event, names), []).append(record)
        found = _compare(_within(expected, held.evidence, documents), documents)
        return Answer(found, held.origin, held.sampled, held.unit, sent.caveats)


def _key(event: Mapping[str, Any], names: Sequence[str]) -> _Key:
    return json.dumps([lookup(event, name) for name in names], default=str)


def _within(
    expected: Mapping[_Key, list[Record]], held: IndexedDocuments, documents: Iterable[_Key]
) -> Mapping[_Key, list[Record]]:
    """Return the events to look for: none if the index holds none of them.

    If only the newest documents were read, an event that is not among them may be older.
    """
    present = set(documents)
    if present.isdisjoint(expected):
        return {}
    return expected if held.complete else {k: v for k, v in expected.items() if k in present}


def _compare(
    expected: Mapping[_Key, list[Record]], documents: Mapping[_Key, list[IndexedDocument]]
) -> Indexed:
    missing: list[Record] = []
    doubled: list[tuple[Record, tuple[IndexedDocument, ...]]] = []
    for key, records in expected.items():
        there = documents.get(key, [])
        missing += records[len(there) :]
        if len(there) > len(records):
            doubled.append((records[-1], tuple(there[len(records) :])))
    sent = sum(len(records) for records in expected.values())
    return Indexed(sent, sent - len(missing), tuple(_in_order(missing)), tuple(doubled))


def _in_order(records: Iterable[Record]) -> Iterator[Record]:
    return iter(sorted(records, key=lambda record: (record.line.source, record.line.number)))


def indexed(expected: LogExpectation, scope: Scope) -> Mapping[str, Query[Indexed]]:
    """Return the query for the sample lines in a live index."""
    documents = live_documents(expected, scope)
    samples = events(expected, scope).get("samples")
    if documents is None or samples is None:
        return {}
    return {"live": IndexedOf(samples, documents, tuple(expected.fields))}
