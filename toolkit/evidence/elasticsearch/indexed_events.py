"""Events, and the types that their fields get in an index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from toolkit.evidence.elasticsearch.index_fields import IndexFields, index_fields
from toolkit.evidence.logs.events import Events, events
from toolkit.evidence.logs.pipelines import Compiled, pipeline
from toolkit.logstash.config import attributes
from toolkit.logstash.config.nodes import plugins
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import Answer, Derived, Query

_ELASTICSEARCH = ("elasticsearch", "opensearch")


@dataclass(frozen=True, slots=True)
class IndexedEvents:
    """The events of some lines, and the index that they go to."""

    index: IndexFields
    events: Events
    converted: bool
    """True if something else may give the fields their types: the events go elsewhere, an ingest
    pipeline changes them, or the output installs a template of its own."""


@dataclass(frozen=True, slots=True)
class IndexedEventsOf(Derived[IndexedEvents]):
    """Combine events with the fields of their index."""

    index: Query[IndexFields]
    pipeline: Query[Compiled]
    events: Query[Events]

    def derive(
        self, index: Answer[IndexFields], pipeline: Answer[Compiled], events: Answer[Events]
    ) -> Answer[IndexedEvents]:
        converted = _is_converted(pipeline.evidence)
        evidence = IndexedEvents(index.evidence, events.evidence, converted)
        return Answer(evidence, events.origin, events.sampled, events.unit)


def _is_converted(compiled: Compiled) -> bool:
    tree = compiled.configuration
    outputs = [*plugins(tree.statements("output"))] if tree else []
    indexing = [attributes.values(each) for each in outputs if each.name in _ELASTICSEARCH]
    if outputs and not indexing:
        return True
    return any(values.keys() & {"pipeline", "template"} for values in indexing)


def indexed_events(expected: LogExpectation, scope: Scope) -> Mapping[str, Query[IndexedEvents]]:
    """Return the queries for the events of these lines in their index, by source."""
    index, compiled = index_fields(expected, scope), pipeline(expected, scope)
    if index is None or compiled is None:
        return {}
    found = events(expected, scope)
    return {source: IndexedEventsOf(index, compiled, each) for source, each in found.items()}
