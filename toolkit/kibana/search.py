"""Saved searches of Discover."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.kibana.esql import read_esql
from toolkit.kibana.readings import Content, FieldRead, Need, ObjectPart
from toolkit.kibana.visualization import read_search_source
from toolkit.languages.positioned import PositionedNode
from toolkit.languages.positioned_json import opened


def read_search(part: ObjectPart) -> Iterator[Content]:
    """Yield everything a saved search reads: columns, sort fields, query and filters."""
    tabs = list(part.node.values("tabs"))
    for node in [tab.at("attributes") for tab in tabs] or [part.node]:
        yield from _search(ObjectPart(node, part.references))


def _search(part: ObjectPart) -> Iterator[Content]:
    source = opened(part.node, "kibanaSavedObjectMeta", "searchSourceJSON")
    if source.get("query", "esql"):
        yield from read_esql(source.at("query", "esql"))
        return
    view, content = read_search_source(part, source)
    yield from content
    for each in part.node.values("columns"):
        if isinstance(each.value, str):
            yield FieldRead(each.value, Need.EXISTS, view, each.locate())
    breakdown = part.node.get("breakdownField")
    if isinstance(breakdown, str) and breakdown:
        yield FieldRead(breakdown, Need.AGGREGATE, view, part.node.locate("breakdownField"))
    for name in _sorted_by(part.node.at("sort")):
        yield FieldRead(str(name.value), Need.SORT, view, name.locate())


def _sorted_by(sort: PositionedNode) -> Iterator[PositionedNode]:
    """Yield the fields of ``[[field, "desc"]]``, or ``[field, "desc"]`` of older versions."""
    if isinstance(sort.get(0), str):
        yield sort.at(0)
    for each in sort.values():
        if isinstance(each.get(0), str):
            yield each.at(0)
