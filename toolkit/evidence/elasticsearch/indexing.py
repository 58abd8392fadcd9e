"""Results of indexing events: emulated here, or simulated by a server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from toolkit.elasticsearch.documents import DocumentOutcome, DynamicIndex
from toolkit.elasticsearch.reasons import reason
from toolkit.elasticsearch.templates import Template
from toolkit.errors import Unavailable, Unsupported
from toolkit.evidence.elasticsearch.es_simulate import MOST, SimulatedDocumentsOf, SimulationState
from toolkit.evidence.elasticsearch.indices import live_template
from toolkit.evidence.elasticsearch.templates import template
from toolkit.evidence.logs.events import Events, Record, events
from toolkit.findings import Finding, Location
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import Answer, Derived, Query


@dataclass(frozen=True, slots=True)
class IndexAttempt:
    """An event, and the result of indexing it."""

    record: Record
    event: Mapping[str, Any]
    outcome: DocumentOutcome


@dataclass(frozen=True, slots=True)
class Indexing:
    """Events that were indexed, in the order of their lines."""

    mapping: Template
    attempts: tuple[IndexAttempt, ...]


@dataclass(frozen=True, slots=True)
class EmulatedIndexing(Derived[Indexing]):
    """Index events in an emulated index, whose mapping grows with each."""

    template: Query[Template]
    events: Query[Events]

    def derive(self, mapped: Answer[Template], found: Answer[Events]) -> Answer[Indexing]:
        index = DynamicIndex(mapped.evidence.mappings, mapped.evidence.settings)
        attempts, caveats = list[IndexAttempt](), tuple[Finding, ...]()
        try:
            for record, event in _pairs(found.evidence):
                attempts.append(IndexAttempt(record, event, index.index(event)))
        except Unsupported as error:
            caveats = error.findings
        # Without a live index there is nothing to compare the events with.
        looked: Answer[Any] = found if mapped.evidence.source else mapped
        evidence = Indexing(mapped.evidence, tuple(attempts))
        caveats += found.evidence.doubts.all
        return Answer(evidence, looked.origin, looked.sampled, looked.unit, caveats)


@dataclass(frozen=True, slots=True)
class SimulatedIndexing(Derived[Indexing]):
    """Read the server's simulation of events. Each is the first of its index there."""

    template: Query[Template]
    events: Query[Events]
    simulation: Query[SimulationState]

    def derive(
        self, mapped: Answer[Template], found: Answer[Events], state: Answer[SimulationState]
    ) -> Answer[Indexing]:
        *documents, canary = json.loads(state.evidence.documents)
        pairs = list(islice(_pairs(found.evidence), MOST))
        for each in (canary, *documents):
            if _MISSING in each.get("error", {}).get("reason", ""):
                raise Unavailable(_no_type(each["error"], state.origin))
        if "error" not in canary or len(documents) != len(pairs):
            raise Unavailable(_not_simulated(state.origin))
        doubtful = [document for document in documents if _is_respelled(document)]
        attempts = tuple(
            IndexAttempt(record, event, _outcome(document))
            for (record, event), document in zip(pairs, documents, strict=True)
            if document not in doubtful
        )
        caveats = tuple(_respelled(document["error"], state.origin) for document in doubtful[:1])
        caveats += found.evidence.doubts.all
        evidence = Indexing(mapped.evidence, attempts)
        return Answer(evidence, state.origin, len(documents), "simulated events", caveats)


_MISSING = "requires a plugin to be installed"
"""The server's message for a field type that it does not have."""
_RESPELLED = re.compile(r"failed to parse date field \[-?\d\.\d+E\d+\]")


def _pairs(found: Events) -> Iterator[tuple[Record, Mapping[str, Any]]]:
    return ((record, event) for record in found.records for event in record.events)


def _outcome(document: Mapping[str, Any]) -> DocumentOutcome:
    if error := document.get("error"):
        return DocumentOutcome("rejected", error=error["type"], reason=reason(error))
    ignored = sorted(each["field"] for each in document.get("ignored_fields", ()))
    return DocumentOutcome("indexed", ignored=tuple(ignored))


def _is_respelled(document: Mapping[str, Any]) -> bool:
    """Return True if a date is rejected only because the simulation reformats numbers.

    It reads 1768005912.5, and passes 1.7680059125E9 to the field; indexing does not.
    """
    return _RESPELLED.search(reason(document.get("error") or {})) is not None


def _respelled(error: Mapping[str, Any], origin: str) -> Finding:
    return Finding(
        what="a simulation cannot verify this date",
        where=_server(origin),
        why=f"it reformats numbers before it parses them, and answers: {reason(error)}",
        fix="send the time as text, or in whole seconds or milliseconds.",
    )


def _server(origin: str) -> Location:
    return Location(f"elasticsearch:{origin.rpartition(' at ')[2]}")


def _no_type(error: Mapping[str, Any], origin: str) -> Finding:
    return Finding(
        what="this Elasticsearch lacks a field type of the template",
        where=_server(origin),
        why=f"the server answered: {reason(error).partition('. It might')[0]}",
        fix="use a server with the module, as in production.",
    )


def _not_simulated(origin: str) -> Finding:
    return Finding(
        what="this Elasticsearch ignores the template of a simulation",
        where=_server(origin),
        why="it accepted a document that the template in the request rejects",
        fix="use Elasticsearch 8.19, 9 or newer.",
    )


def indexings(expected: LogExpectation, scope: Scope) -> Mapping[str, Query[Indexing]]:
    """Return the queries for indexing the events of each source.

    In a live run, also with the mapping of the newest index, and simulated by the server with
    the repository's template.
    """
    found, mapped = events(expected, scope), template(expected)
    live = live_template(expected, scope)
    asked: dict[str, Query[Indexing]] = {}
    if mapped:
        asked |= {source: EmulatedIndexing(mapped, each) for source, each in found.items()}
    if live and found:
        first = next(iter(found.values()))
        asked["live"] = EmulatedIndexing(live, first)
        if mapped:
            simulating = SimulatedDocumentsOf(expected.name, expected.index, mapped, first)
            asked["simulated"] = SimulatedIndexing(mapped, first, simulating)
    return asked
