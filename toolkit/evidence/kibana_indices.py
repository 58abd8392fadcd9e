"""What panels read, and the fields of indices that run: as Elasticsearch or Kibana tell them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.elasticsearch.templates import Template
from toolkit.evidence.index_fields import IndexFields
from toolkit.evidence.indices import Indices, IndicesIn, live_index
from toolkit.evidence.kibana_leaves import DeployedViews, ViewsOf
from toolkit.evidence.saved_objects import PanelFields, said_of_fields, saved_objects
from toolkit.kibana.graph import Graph
from toolkit.model.contract import Scope
from toolkit.model.expectations.kibana import KibanaExpectation
from toolkit.model.queries import Answer, Derived, Query

__all__ = ["FieldsByKibana", "FieldsOfIndices", "live_panel_fields"]

_TEXTS = ("text", "match_only_text", "annotated_text", "semantic_text")


@dataclass(frozen=True, slots=True)
class FieldsOfIndices(Derived[PanelFields]):
    """Bring together what panels read and the mappings of Elasticsearch's indices."""

    objects: Query[Graph]
    indices: tuple[Query[Indices], ...]

    def parts(self) -> tuple[Query[Any], ...]:
        return (self.objects, *self.indices)

    def derive(self, objects: Answer[Graph], *indices: Answer[Indices]) -> Answer[PanelFields]:
        statements = said_of_fields(objects.evidence)
        evidence = PanelFields(
            statements,
            tuple(each for answer in indices for each in _mapped(answer.evidence)),
            tuple(objects.evidence.views.values()),
            tuple(answer.evidence.pattern for answer in indices),
            asked="Elasticsearch",
        )
        origin = ", ".join(answer.origin for answer in indices)
        return Answer(evidence, origin, len(statements), "panel fields")


def _mapped(found: Indices) -> Iterator[IndexFields]:
    for index in found.indices:
        mapping = Template(
            index.template.source,
            "",
            (found.pattern,),
            index.template.mappings,
            index.template.settings,
        )
        yield IndexFields(index.name, found.pattern, mapping, frozenset(mapping.fields()), None)


@dataclass(frozen=True, slots=True)
class FieldsByKibana(Derived[PanelFields]):
    """Bring together what panels read and the fields Kibana finds behind its data views."""

    objects: Query[Graph]
    views: Query[DeployedViews]

    def parts(self) -> tuple[Query[Any], ...]:
        return (self.objects, self.views)

    def derive(self, objects: Answer[Graph], views: Answer[DeployedViews]) -> Answer[PanelFields]:
        statements = said_of_fields(objects.evidence)
        evidence = PanelFields(
            statements,
            (),
            tuple(objects.evidence.views.values()),
            asked=views.origin,
            by_view={
                name: tuple(_behind(json.loads(text), views.origin))
                for name, text in views.evidence.texts.items()
            },
        )
        sampled = len(statements) if views.evidence.texts else 0
        return Answer(evidence, views.origin, sampled, "panel fields")


def _behind(answer: Any, asked: str) -> Iterator[IndexFields]:
    """The indices of a data view: one for all, or those that Kibana names as in conflict."""
    view = _mapping(_mapping(answer).get("data_view"))
    title = str(view.get("title"))
    fields = {
        name: each
        for name, each in _mapping(view.get("fields")).items()
        if isinstance(each, dict) and _held(name, each)
    }
    odd = {name: kinds for name, each in fields.items() if (kinds := _conflict(each))}
    plain = {n: _definition(each, _type(each)) for n, each in fields.items() if n not in odd}
    indices = dict.fromkeys(index for kinds in odd.values() for index in kinds)
    for index in indices:
        own = {
            name: _definition(fields[name], kinds[index])
            for name, kinds in odd.items()
            if index in kinds
        }
        yield _index(index, title, {**plain, **own}, asked)
    if plain and not indices:
        yield _index(title, title, plain, asked)


def _conflict(field: Mapping[str, Any]) -> dict[str, str]:
    """The types of a field in conflict, by index."""
    told = _mapping(field.get("conflictDescriptions")).items()
    lists = ((kind, indices) for kind, indices in told if isinstance(indices, list))
    return {str(index): kind for kind, indices in lists for index in indices}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _held(name: str, field: Mapping[str, Any]) -> bool:
    """Whether some index has it: neither metadata nor made by the data view itself."""
    return not name.startswith("_") and not field.get("scripted") and "runtimeField" not in field


def _type(field: Mapping[str, Any]) -> str:
    types = field.get("esTypes")
    return str(types[0] if isinstance(types, list) and types else field.get("type"))


def _definition(field: Mapping[str, Any], kind: str) -> dict[str, Any]:
    able = "fielddata" if kind in _TEXTS else "doc_values"
    return {"type": kind, able: field.get("aggregatable", True)}


def _index(name: str, title: str, fields: Mapping[str, Any], asked: str) -> IndexFields:
    # Runtime fields are the part of a mapping that is a flat list of names, as Kibana's is.
    mapping = Template(asked, "", (title,), {"runtime": fields}, {})
    return IndexFields(name, title, mapping, frozenset(), None, complete=True)


def live_panel_fields(
    expected: KibanaExpectation, scope: Scope
) -> Iterator[tuple[str, Query[PanelFields]]]:
    """By each server that is asked in this run: what panels read, and the fields it has."""
    objects = saved_objects(expected)
    if objects is None:
        return
    asked = dict.fromkeys(live_index(each, scope) for each in scope.contract.logs)
    indices = tuple(IndicesIn(each, each.index) for each in asked if each)
    if indices:
        yield "elasticsearch", FieldsOfIndices(objects, indices)
    if "kibana" in scope.live:
        yield "kibana", FieldsByKibana(objects, ViewsOf(objects))
