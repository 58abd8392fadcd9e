"""A connector that answers from the block ``kibana`` of a case instead of from a server."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.elasticsearch.templates import Template
from toolkit.evidence.kibana.field_caps import FieldCaps, FieldCapsTexts
from toolkit.evidence.kibana.kibana_queries import (
    DeployedObjects,
    DeployedViews,
    ObjectsQuery,
    StatusQuery,
    StatusText,
    ViewsQuery,
)
from toolkit.model.queries import Answer, Leaf, QueryFailure


def capabilities(query: FieldCaps, indices: Any) -> Answer[FieldCapsTexts]:
    """What `_field_caps` answers of indices with these mappings, those without a field too."""
    templates = {
        name: Template(name, "", (), each["mappings"], {}) for name, each in indices.items()
    }
    fields: dict[str, Any] = {}
    for field in query.fields:
        kinds: dict[str, list[str]] = {}
        for name, template in templates.items():
            kinds.setdefault(template.type_of(field) or "unmapped", []).append(name)
        if set(kinds) - {"unmapped"}:
            fields[field] = {
                kind: {
                    "type": kind,
                    "metadata_field": False,
                    "aggregatable": kind != "text",
                    **({"indices": names} if len(kinds) > 1 else {}),
                }
                for kind, names in kinds.items()
            }
    text = json.dumps({"indices": list(templates), "fields": fields})
    texts = dict.fromkeys(query.patterns, text)
    origin = "Elasticsearch at localhost:9200"
    return Answer(FieldCapsTexts(texts), origin, len(texts), "data views")


@dataclass(frozen=True)
class CaseKibana:
    """The block ``kibana`` as what a server has: ``status``, ``objects``, and ``views`` by id."""

    blocks: Mapping[str, str]
    system: str = "kibana"

    def answer(
        self, queries: Sequence[Leaf[Any]]
    ) -> Mapping[Leaf[Any], Answer[Any] | QueryFailure]:
        held = json.loads(self.blocks["kibana"])
        return {query: self._answer(query, held) for query in queries}

    def close(self) -> None:
        """Nothing is ever under way."""

    def _answer(self, query: Leaf[Any], held: Any) -> Answer[Any]:
        origin = "Kibana at localhost:5601"
        match query:
            case StatusQuery():
                return Answer(StatusText(json.dumps(held["status"])), origin, 1, "status reports")
            case ObjectsQuery(names):
                lines = [*map(json.dumps, held["objects"])]
                there = {(each["type"], each["id"]) for each in held["objects"]}
                missing = tuple(each for each in names if each not in there)
                found = DeployedObjects("\n".join(lines), missing)
                return Answer(found, origin, len(names), "saved objects")
            case ViewsQuery(ids):
                texts = {
                    name: json.dumps(held["views"][name]) for name in ids if name in held["views"]
                }
                return Answer(DeployedViews(texts), origin, len(texts), "data views")
        raise TypeError(query)
