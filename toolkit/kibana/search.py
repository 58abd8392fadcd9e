"""Saved searches of Discover."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.kibana.esql import read_esql
from toolkit.kibana.readings import Content, Need, ObjectPart, read_fields
from toolkit.kibana.visualization import read_search_source
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
    yield from read_fields(part.node.at("columns"), Need.EXISTS, view)
    yield from read_fields(part.node.at("breakdownField"), Need.AGGREGATE, view)
    # `[[field, "desc"]]`, or `[field, "desc"]` of older versions.
    sort = part.node.at("sort")
    for each in (sort, *sort.values()):
        if isinstance(each.get(0), str):
            yield from read_fields(each.at(0), Need.SORT, view)
