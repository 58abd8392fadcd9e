"""Vega and Vega-Lite: the searches of a specification."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.errors import InputError
from toolkit.kibana.aggregations import aggregation_fields
from toolkit.kibana.esql import read_esql
from toolkit.kibana.query_fields import clause_fields
from toolkit.kibana.readings import INDICES, Content, FieldRead, Need, Unread, read_fields
from toolkit.languages.positioned import PositionedNode
from toolkit.languages.positioned_json import opened

_TIME = "%timefield%"


def read_vega(params: PositionedNode) -> Iterator[Content]:
    """Yield the fields of the searches of a specification.

    Kibana supports Hjson; a specification that is not JSON is `Unread`.
    """
    try:
        spec = opened(params, "spec")
    except InputError:
        yield Unread("a Vega specification in Hjson", params.locate("spec"))
        return
    for url in _urls(spec):
        yield from _search(url)


def _urls(node: PositionedNode) -> Iterator[PositionedNode]:
    """Yield the data sources at any depth; layers and marks may have their own."""
    for key, each in node.items():
        if key == "url" and isinstance(each.value, dict):
            yield each
        elif isinstance(each.value, dict | list):
            yield from _urls(each)


def _search(url: PositionedNode) -> Iterator[Content]:
    kind = url.get("%type%")
    if kind == "esql":
        yield from read_esql(url.at("query"))
        return
    if kind not in (None, "elasticsearch"):
        return
    index = url.get("index")
    if not isinstance(index, str) or not index:
        yield Unread("a search of a Vega specification without an index", url.locate())
        return
    view = f"{INDICES}{index}"
    yield from read_fields(url.at(_TIME), Need.DATE, view)
    body = url.at("body")
    for name in dict.fromkeys(clause_fields(body.at("query"))):
        yield FieldRead(name, Need.EXISTS, view, body.find(name, "query"))
    yield from aggregation_fields(body, view)
    for each in (*body.values("_source"), *body.values("fields")):
        yield from read_fields(each, Need.EXISTS, view)
