"""Maps: the fields of their layers, joins, styles and queries."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.kibana.aggregations import need_of
from toolkit.kibana.esql import read_esql
from toolkit.kibana.query_fields import read_filters, read_query
from toolkit.kibana.readings import Content, Need, ObjectPart, read_fields
from toolkit.languages.positioned import PositionedNode
from toolkit.languages.positioned_json import opened

_FIELDS = {
    "geoField": Need.EXISTS,
    "sourceGeoField": Need.EXISTS,
    "destGeoField": Need.EXISTS,
    "sortField": Need.SORT,
    "splitField": Need.AGGREGATE,
    "topHitsSplitField": Need.AGGREGATE,
    "term": Need.AGGREGATE,
}
_DOCUMENTS = "ES_SEARCH"
"""The source that shows single documents, so that styles name their fields."""


def read_map(part: ObjectPart) -> Iterator[Content]:
    """Yield everything a map reads."""
    if part.node.get("layerListJSON") is not None:
        for layer in opened(part.node, "layerListJSON").values():
            yield from _layer(part, layer)
    if part.node.get("mapStateJSON") is not None:
        state = opened(part.node, "mapStateJSON")
        yield from read_query(state.at("query"), "")
        yield from read_filters(state.at("filters"), "")


def _layer(part: ObjectPart, layer: PositionedNode) -> Iterator[Content]:
    source = layer.at("sourceDescriptor")
    if source.get("type") == "ESQL":
        yield from read_esql(source.at("esql"))
        return
    view = _view(part, source)
    if view:
        yield from _source(source, view)
        yield from read_query(layer.at("query"), view)
        yield from _styles(layer, view)
    for join in layer.values("joins"):
        if view:
            yield from read_fields(join.at("leftField"), Need.EXISTS, view)
        yield from _joined(part, join.at("right"))


def _styles(layer: PositionedNode, view: str) -> Iterator[Content]:
    if layer.get("sourceDescriptor", "type") == _DOCUMENTS:
        for each in layer.values("style", "properties"):
            field = each.at("options", "field")
            if field.get("origin") == "source":
                yield from read_fields(field.at("name"), Need.EXISTS, view)


def _joined(part: ObjectPart, right: PositionedNode) -> Iterator[Content]:
    if view := _view(part, right):
        yield from _source(right, view)
        yield from read_query(right.at("whereQuery"), view)


def _view(part: ObjectPart, source: PositionedNode) -> str:
    """Return the data view of a source; empty if it is not one of Elasticsearch."""
    found = part.view(str(source.get("indexPatternRefName")))
    return found or str(source.get("indexPatternId") or "")


def _source(source: PositionedNode, view: str) -> Iterator[Content]:
    for key, need in _FIELDS.items():
        yield from read_fields(source.at(key), need, view)
    for each in source.values("tooltipProperties"):
        yield from read_fields(each, Need.EXISTS, view)
    for each in source.values("metrics"):
        yield from read_fields(each.at("field"), need_of(str(each.get("type"))), view)
