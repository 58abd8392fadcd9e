"""Fields that panels read, and the fields of running indices, by Elasticsearch or Kibana."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.evidence.elasticsearch.index_fields import IndexFields
from toolkit.evidence.kibana.field_caps import FieldCapsOf, FieldCapsTexts
from toolkit.evidence.kibana.found_fields import FieldType, found_indices
from toolkit.evidence.kibana.kibana_queries import DeployedViews, ViewsOf
from toolkit.evidence.kibana.saved_objects import (
    PanelFields,
    field_statements,
    saved_objects,
    shown_views,
)
from toolkit.kibana.graph import Graph
from toolkit.kubernetes.manifests import mapping
from toolkit.languages.positioned_json import read_json
from toolkit.model.contract import Scope
from toolkit.model.expectations.kibana import KibanaExpectation
from toolkit.model.queries import Answer, Derived, Query

_NO_VALUES = ("object", "nested", "unmapped")
"""Types in `_field_caps` of fields without values."""


@dataclass(frozen=True, slots=True)
class FieldsByElasticsearch(Derived[PanelFields]):
    """Combine the fields that panels read with those of Elasticsearch behind data views."""

    objects: Query[Graph]
    caps: Query[FieldCapsTexts]

    def derive(self, objects: Answer[Graph], caps: Answer[FieldCapsTexts]) -> Answer[PanelFields]:
        texts = {
            title: read_json(text, caps.origin) for title, text in caps.evidence.texts.items()
        }
        shown = shown_views(objects.evidence.views.values(), field_statements(objects.evidence))
        behind = {
            view.id: tuple(_of_caps(texts[view.title], view.title, caps.origin))
            for view in shown
            if view.title in texts
        }
        return _panel_fields(objects.evidence, caps.origin, behind)


def _of_caps(answer: Any, title: str, asked: str) -> Iterator[IndexFields]:
    """Yield the indices of one response of `_field_caps`."""
    held = mapping(answer)
    if not held.get("indices"):
        return
    fields = {
        name: {
            kind: FieldType(bool(each.get("aggregatable")), tuple(each.get("indices") or ()))
            for kind, each in mapping(kinds).items()
            if isinstance(each, dict) and kind not in _NO_VALUES and not each.get("metadata_field")
        }
        for name, kinds in mapping(held.get("fields")).items()
    }
    yield from found_indices(title, {n: kinds for n, kinds in fields.items() if kinds}, asked)


@dataclass(frozen=True, slots=True)
class FieldsByKibana(Derived[PanelFields]):
    """Combine the fields that panels read with those of Kibana behind its data views."""

    objects: Query[Graph]
    views: Query[DeployedViews]

    def derive(self, objects: Answer[Graph], views: Answer[DeployedViews]) -> Answer[PanelFields]:
        behind = {
            name: tuple(_of_view(read_json(text, views.origin), views.origin))
            for name, text in views.evidence.texts.items()
        }
        return _panel_fields(objects.evidence, views.origin, behind)


def _panel_fields(
    objects: Graph, asked: str, behind: Mapping[str, tuple[IndexFields, ...]]
) -> Answer[PanelFields]:
    """Return the fields that panels read, with the indices behind each data view of a server."""
    statements = field_statements(objects)
    saved = tuple(objects.views.values())
    found = PanelFields(statements, (), saved, asked=asked, by_view=behind)
    return Answer(found, asked, len(statements) if behind else 0, "panel fields")


def _of_view(answer: Any, asked: str) -> Iterator[IndexFields]:
    """Yield the indices of one data view, as Kibana describes it."""
    view = mapping(mapping(answer).get("data_view"))
    fields = {
        name: _kinds(each)
        for name, each in mapping(view.get("fields")).items()
        if isinstance(each, dict) and _held(name, each)
    }
    if fields:
        yield from found_indices(str(view.get("title")), fields, asked)


def _held(name: str, field: Mapping[str, Any]) -> bool:
    """Return True if some index has it: neither metadata nor made by the data view itself."""
    return not name.startswith("_") and not field.get("scripted") and "runtimeField" not in field


def _kinds(field: Mapping[str, Any]) -> Mapping[str, FieldType]:
    able = bool(field.get("aggregatable", True))
    conflicts = mapping(field.get("conflictDescriptions")).items()
    odd = {
        kind: FieldType(able, tuple(map(str, indices)))
        for kind, indices in conflicts
        if isinstance(indices, list)
    }
    types = field.get("esTypes")
    kind = types[0] if isinstance(types, list) and types else field.get("type")
    return odd or {str(kind): FieldType(able)}


def live_panel_fields(
    expected: KibanaExpectation, scope: Scope
) -> Iterator[tuple[str, Query[PanelFields]]]:
    """Yield the query for the fields of panels, by the name of each queried server."""
    objects = saved_objects(expected)
    if objects is None:
        return
    if "elasticsearch" in scope.live:
        yield "elasticsearch", FieldsByElasticsearch(objects, FieldCapsOf(objects))
    if "kibana" in scope.live:
        yield "kibana", FieldsByKibana(objects, ViewsOf(objects))
