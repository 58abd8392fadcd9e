"""Lens: the fields of its columns, queries, filters and annotations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from toolkit.kibana import esql
from toolkit.kibana.formula import formula_fields
from toolkit.kibana.query_fields import filter_fields, query_fields
from toolkit.kibana.readings import Content, Dangling, FieldRead, Need, ObjectPart
from toolkit.languages.positioned import PositionedNode

_RECORDS = "___records___"
_FORM_BASED = ("formBased", "indexpattern")
"""Its name, and the one up to 8.5."""
_NEEDS: Mapping[str, Need] = {
    "terms": Need.AGGREGATE,
    "unique_count": Need.AGGREGATE,
    "count": Need.AGGREGATE,
    "last_value": Need.EXISTS,
    "date_histogram": Need.DATE,
    "min": Need.NUMBER_OR_DATE,
    "max": Need.NUMBER_OR_DATE,
}
"""By operation; all others calculate."""
_NO_FIELD = ("formula", "math", "static_value", "filters")


def ad_hoc_views(part: ObjectPart) -> Iterator[tuple[str, PositionedNode]]:
    """Yield the data views that only this panel has, by id."""
    return ((str(key), node) for key, node in part.node.items("state", "adHocDataViews"))


def read_lens(part: ObjectPart) -> Iterator[Content]:
    """Yield everything a Lens reads."""
    state = part.node.at("state")
    sources = state.at("datasourceStates")
    views = []
    for name in _FORM_BASED:
        for key, layer in sources.items(name, "layers"):
            view = _view(part, f"indexpattern-datasource-layer-{key}")
            if isinstance(view, Dangling):
                yield view
                continue
            views.append(view)
            for column in layer.values("columns"):
                yield from _column(column, view)
    for layer in sources.values("textBased", "layers"):
        if layer.get("query", "esql"):
            yield from esql.read_esql(layer.at("query", "esql"))
    yield from _around(state, views[0] if views else "")
    yield from _annotations(part, state)


def _view(part: ObjectPart, name: str) -> str | Dangling:
    """Return the data view of a reference, of the panel itself or of its dashboard."""
    found = part.view(name)
    for each in part.node.values("state", "internalReferences"):
        if each.get("name") == name:
            found = str(each.get("id"))
    return found if found is not None else Dangling(name, part.node.locate("state"))


def _column(column: PositionedNode, view: str) -> Iterator[Content]:
    operation, source = str(column.get("operationType")), column.get("sourceField")
    need = _NEEDS.get(operation, Need.NUMBER)
    if isinstance(source, str) and source != _RECORDS and operation not in _NO_FIELD:
        yield FieldRead(source, need, view, column.locate("sourceField"))
    for key, others in (("secondaryFields", Need.AGGREGATE), ("sortField", Need.SORT)):
        yield from _named(column.at("params", key), others, view)
    yield from _named(column.at("params", "orderAgg", "sourceField"), Need.NUMBER_OR_DATE, view)
    formula = column.at("params", "formula")
    if isinstance(formula.value, str):
        for name, wanted in formula_fields(formula.value):
            yield FieldRead(name, wanted, view, column.find(name, "params", "formula"))
    queries = [column.at("filter")]
    queries += (each.at("input") for each in column.values("params", "filters"))
    for query in queries:
        for field in query_fields(query):
            yield FieldRead(field, Need.EXISTS, view, query.find(field, "query"))


def _named(node: PositionedNode, need: Need, view: str) -> Iterator[FieldRead]:
    """Yield a field, or each of a list of fields."""
    for each in node.values() if isinstance(node.value, list) else [node]:
        if isinstance(each.value, str) and each.value != _RECORDS:
            yield FieldRead(each.value, need, view, each.locate())


def _around(state: PositionedNode, view: str) -> Iterator[Content]:
    """Yield the query and the filters of all layers."""
    for field in query_fields(state.at("query")):
        yield FieldRead(field, Need.EXISTS, view, state.find(field, "query", "query"))
    for field, each in filter_fields(state.at("filters")):
        yield FieldRead(field, Need.EXISTS, view, each.find(field))


def _annotations(part: ObjectPart, state: PositionedNode) -> Iterator[Content]:
    for layer in state.values("visualization", "layers"):
        view = part.view(f"xy-visualization-layer-{layer.get('layerId')}") or ""
        yield from read_annotations(layer, view)


def read_annotations(holder: PositionedNode, view: str) -> Iterator[Content]:
    """Yield everything that the annotations of a layer, or of a group of them, read."""
    for each in holder.values("annotations"):
        if each.get("type") == "query":
            yield from _named(each.at("timeField"), Need.DATE, view)
            yield from _named(each.at("textField"), Need.EXISTS, view)
            yield from _named(each.at("extraFields"), Need.EXISTS, view)
            for field in query_fields(each.at("filter")):
                yield FieldRead(field, Need.EXISTS, view, each.find(field, "filter", "query"))
