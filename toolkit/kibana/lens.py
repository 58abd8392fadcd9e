"""Lens: the fields of its columns, queries, filters and annotations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from toolkit.kibana import esql
from toolkit.kibana.formula import formula_fields
from toolkit.kibana.query_fields import read_filters, read_query
from toolkit.kibana.readings import Content, Dangling, FieldRead, Need, ObjectPart, read_fields
from toolkit.languages.positioned import PositionedNode

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
            found = _view(part, f"indexpattern-datasource-layer-{key}")
            if isinstance(found, Dangling):
                yield found
                continue
            views.append(found)
            for column in layer.values("columns"):
                yield from _column(column, found)
    for layer in sources.values("textBased", "layers"):
        if layer.get("query", "esql"):
            yield from esql.read_esql(layer.at("query", "esql"))
    # The query and the filters are of all layers.
    view = views[0] if views else ""
    yield from read_query(state.at("query"), view)
    yield from read_filters(state.at("filters"), view)
    yield from _annotations(part, state)


def _view(part: ObjectPart, name: str) -> str | Dangling:
    """Return the data view of a reference, of the panel itself or of its dashboard."""
    found = part.view(name)
    for each in part.node.values("state", "internalReferences"):
        if each.get("name") == name:
            found = str(each.get("id"))
    return found if found is not None else Dangling(name, part.node.locate("state"))


def _column(column: PositionedNode, view: str) -> Iterator[Content]:
    operation = str(column.get("operationType"))
    need = _NEEDS.get(operation, Need.NUMBER)
    if operation not in _NO_FIELD:
        yield from read_fields(column.at("sourceField"), need, view)
    params = column.at("params")
    yield from read_fields(params.at("secondaryFields"), Need.AGGREGATE, view)
    yield from read_fields(params.at("sortField"), Need.SORT, view)
    yield from read_fields(params.at("orderAgg", "sourceField"), Need.NUMBER_OR_DATE, view)
    formula = params.at("formula")
    if isinstance(formula.value, str):
        for name, wanted in formula_fields(formula.value):
            yield FieldRead(name, wanted, view, formula.find(name))
    yield from read_query(column.at("filter"), view)
    for each in params.values("filters"):
        yield from read_query(each.at("input"), view)


def _annotations(part: ObjectPart, state: PositionedNode) -> Iterator[Content]:
    for layer in state.values("visualization", "layers"):
        view = part.view(f"xy-visualization-layer-{layer.get('layerId')}") or ""
        yield from read_annotations(layer, view)


def read_annotations(holder: PositionedNode, view: str) -> Iterator[Content]:
    """Yield everything that the annotations of a layer, or of a group of them, read."""
    for each in holder.values("annotations"):
        if each.get("type") == "query":
            yield from read_fields(each.at("timeField"), Need.DATE, view)
            yield from read_fields(each.at("textField"), Need.EXISTS, view)
            yield from read_fields(each.at("extraFields"), Need.EXISTS, view)
            yield from read_query(each.at("filter"), view)
