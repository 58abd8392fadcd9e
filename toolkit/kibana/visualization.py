"""Visualizations of the legacy editors: aggregations, TSVB, input controls."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.kibana.aggregations import need_of
from toolkit.kibana.query_fields import read_filters, read_query
from toolkit.kibana.readings import (
    INDICES,
    SEARCH,
    Content,
    Dangling,
    FieldRead,
    Need,
    ObjectPart,
    Unread,
    read_fields,
)
from toolkit.kibana.vega import read_vega
from toolkit.languages.positioned import PositionedNode
from toolkit.languages.positioned_json import opened

_SILENT = ("markdown", "text", "image")
_PIPELINE = frozenset(
    {
        "derivative",
        "cumulative_sum",
        "moving_average",
        "moving_avg",
        "serial_diff",
        "math",
        "calculation",
    }
)
"""Aggregations of TSVB whose ``field`` is another metric."""


def read_visualization(part: ObjectPart) -> Iterator[Content]:
    """Yield everything a visualization reads, saved or inline (``savedVis``)."""
    saved = part.node.get("visState") is not None
    state = opened(part.node, "visState") if saved else part.node
    kind = str(state.get("type"))
    if kind in _SILENT:
        return
    if kind == "timelion":
        yield Unread("a Timelion expression", state.locate())
        return
    if saved:
        source = opened(part.node, "kibanaSavedObjectMeta", "searchSourceJSON")
    else:
        source = state.at("data", "searchSource")
    view, content = read_search_source(part, source)
    yield from content
    view = view or _of_search(part)
    match kind:
        case "metrics":
            yield from _tsvb(part, state.at("params"))
        case "vega":
            yield from read_vega(state.at("params"))
        case "input_control_vis":
            yield from _controls(part, state.at("params"))
        case _:
            aggs = state.at("aggs") if saved or state.get("aggs") else state.at("data", "aggs")
            for each in aggs.values():
                yield from _aggregation(each, view)


def read_search_source(part: ObjectPart, source: PositionedNode) -> tuple[str, list[Content]]:
    """Return the data view of a search source, and the fields of its query and filters."""
    content: list[Content] = []
    name, view = source.get("indexRefName"), str(source.get("index") or "")
    if isinstance(name, str):
        found = part.view(name)
        content += [] if found else [Dangling(name, source.locate("indexRefName"))]
        view = found or ""
    content += read_query(source.at("query"), view)
    content += read_filters(source.at("filter"), view)
    return view, content


def _of_search(part: ObjectPart) -> str:
    """Return the saved search whose data view a visualization has."""
    if stated := part.node.get("savedSearchId"):
        return f"{SEARCH}{stated}"
    found = part.references.get(str(part.node.get("savedSearchRefName") or "search_0"))
    return f"{SEARCH}{found.id}" if found and found.type == "search" else ""


def _aggregation(each: PositionedNode, view: str) -> Iterator[Content]:
    if each.get("enabled") is False:
        return
    for within in ("customMetric", "customBucket", "orderAgg"):
        if isinstance(each.get("params", within), dict):
            yield from _aggregation(each.at("params", within), view)
    need = need_of(str(each.get("type")))
    yield from read_fields(each.at("params", "field"), need, view)
    yield from read_fields(each.at("params", "sortField"), Need.SORT, view)
    for query in each.values("params", "filters"):
        yield from read_query(query.at("input"), view)
    yield from read_query(each.at("params", "filter"), view)


def _tsvb(part: ObjectPart, params: PositionedNode) -> Iterator[Content]:
    view = part.view(str(params.get("index_pattern_ref_name"))) or _stated(params)
    yield from read_fields(params.at("time_field"), Need.DATE, view)
    yield from read_fields(params.at("pivot_id"), Need.AGGREGATE, view)
    yield from read_query(params.at("filter"), view)
    yield from _annotations(part, params)
    for series in params.values("series"):
        yield from _series(part, series, view)


def _annotations(part: ObjectPart, params: PositionedNode) -> Iterator[Content]:
    for each in params.values("annotations"):
        if each.get("hidden") is True:
            continue
        view = part.view(str(each.get("index_pattern_ref_name"))) or _stated(each)
        yield from read_fields(each.at("time_field"), Need.DATE, view)
        names = str(each.get("fields") or "").split(",")
        for name in filter(None, map(str.strip, names)):
            yield FieldRead(name, Need.EXISTS, view, each.find(name, "fields"))
        yield from read_query(each.at("query_string"), view)


def _series(part: ObjectPart, series: PositionedNode, view: str) -> Iterator[Content]:
    if series.get("override_index_pattern"):
        view = part.view(str(series.get("series_index_pattern_ref_name"))) or _stated(
            series, "series_index_pattern"
        )
        yield from read_fields(series.at("series_time_field"), Need.DATE, view)
    if series.get("split_mode") == "terms":
        yield from read_fields(series.at("terms_field"), Need.AGGREGATE, view)
    yield from read_query(series.at("filter"), view)
    for split in series.values("split_filters"):
        yield from read_query(split.at("filter"), view)
    for metric in series.values("metrics"):
        yield from _metric(metric, view)


def _metric(metric: PositionedNode, view: str) -> Iterator[Content]:
    kind = str(metric.get("type"))
    if kind not in _PIPELINE and kind != "count":
        yield from read_fields(metric.at("field"), need_of(kind), view)
    if kind == "top_hit":
        yield from read_fields(metric.at("order_by"), Need.SORT, view)
    for key in ("numerator", "denominator"):
        yield from read_query(metric.at(key), view)


def _stated(params: PositionedNode, key: str = "index_pattern") -> str:
    """Return the data view of TSVB, which is an id, or index patterns."""
    stated = params.get(key)
    if isinstance(stated, dict):
        return str(stated.get("id") or "")
    return f"{INDICES}{stated}" if stated else ""


def _controls(part: ObjectPart, params: PositionedNode) -> Iterator[Content]:
    for each in params.values("controls"):
        view = part.view(str(each.get("indexPatternRefName"))) or str(
            each.get("indexPattern") or ""
        )
        need = Need.NUMBER if each.get("type") == "range" else Need.AGGREGATE
        yield from read_fields(each.at("fieldName"), need, view)
