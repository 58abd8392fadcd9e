"""Asks an Elasticsearch that runs: two requests for each pattern of indices, and no writing.

What it would make of events is asked besides, in a request for each hundred; and the types of
fields that panels read, in one for each data view.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Any, ClassVar

from toolkit.connectors import Batch, answer_each
from toolkit.connectors.elasticsearch.client import (
    LENIENT,
    ElasticsearchAccess,
    ElasticsearchClient,
    path_of,
)
from toolkit.errors import Unavailable
from toolkit.evidence.elasticsearch.es_simulate import SimulatedDocuments, SimulationState
from toolkit.evidence.elasticsearch.indices import IndexMappings, LiveIndex, LiveState
from toolkit.evidence.elasticsearch.searches import search_body
from toolkit.evidence.kibana.field_caps import FieldCaps, FieldCapsTexts
from toolkit.model.queries import Answer, Leaf, QueryFailure

__all__ = ["ElasticsearchAccess", "ElasticsearchClient", "LiveElasticsearch"]


@dataclass(frozen=True, slots=True)
class LiveElasticsearch:
    """The server that a contract, or the command line, names."""

    access: ElasticsearchAccess
    system: ClassVar[str] = "elasticsearch"
    _closed: Event = field(default_factory=Event, init=False, compare=False)

    def answer(self, queries: Sequence[Leaf[Any]]) -> Batch:
        try:
            with ElasticsearchClient(self.access, pause=self._closed.wait) as client:
                return answer_each(lambda query: self._answer(query, client), queries)
        except Unavailable as error:
            return dict.fromkeys(queries, QueryFailure(error.findings))

    def close(self) -> None:
        """Send no request again."""
        self._closed.set()

    def _answer(
        self, query: LiveIndex | SimulatedDocuments | FieldCaps, client: ElasticsearchClient
    ) -> Answer[Any]:
        match query:
            case LiveIndex():
                return self._ask(query, client)
            case FieldCaps():
                return self._capabilities(query, client)
            case SimulatedDocuments():
                return self._simulate(query, client)

    def _ask(self, query: LiveIndex, client: ElasticsearchClient) -> Answer[LiveState]:
        held = json.dumps(client.get(path_of(query.index), **_INDICES))
        indices = IndexMappings.read(query.index, held)
        search: Any = {}
        if indices.indices:
            body = search_body(query, indices)
            search = client.post(path_of(query.index, "_search"), body, **_SEARCH)
        origin = f"{query.index} at {self.access.shown}"
        return Answer(
            LiveState(held, json.dumps(search)), origin, len(indices.indices), "index mappings"
        )

    def _capabilities(
        self, query: FieldCaps, client: ElasticsearchClient
    ) -> Answer[FieldCapsTexts]:
        texts = {}
        for pattern in query.patterns if query.fields else ():
            path = path_of(pattern, "_field_caps")
            texts[pattern] = json.dumps(client.post(path, {"fields": query.fields}, **_CAPS))
        origin = f"Elasticsearch at {self.access.shown}"
        return Answer(FieldCapsTexts(texts), origin, len(texts), "data views")

    def _simulate(
        self, query: SimulatedDocuments, client: ElasticsearchClient
    ) -> Answer[SimulationState]:
        substituted = {"index_template_substitutions": {"toolkit": json.loads(query.template)}}
        found: list[Any] = []
        for start in range(0, len(query.documents), _TOGETHER):
            some = query.documents[start : start + _TOGETHER]
            documents = [
                {"_index": query.index, "_id": str(number), "_source": json.loads(text)}
                for number, text in enumerate(some, start)
            ]
            body = {**substituted, "docs": documents}
            answer = client.post("/_ingest/_simulate", body, **_SIMULATION)
            found += (each["doc"] for each in answer["docs"])
        origin = f"{query.index} at {self.access.shown}"
        return Answer(SimulationState(json.dumps(found)), origin, len(found), "events")


_TOGETHER = 100
"""Events of one simulation: it takes a server some ten milliseconds for each."""
_SIMULATION = {
    "filter_path": "docs.doc._id,docs.doc.ignored_fields,"
    "docs.doc.error.type,docs.doc.error.reason,docs.doc.error.caused_by",
}
_CAPS = {
    **LENIENT,
    "include_unmapped": "true",
    "filter_path": "indices,fields.*.*.type,fields.*.*.metadata_field,fields.*.*.aggregatable,"
    "fields.*.*.indices",
}
_INDICES = {
    **LENIENT,
    "filter_path": "*.mappings,*.settings.index.mapping,*.settings.index.creation_date",
}
_SEARCH = {
    **LENIENT,
    # A figure of some of the shards would pass for a figure of all.
    "allow_partial_search_results": "false",
}
