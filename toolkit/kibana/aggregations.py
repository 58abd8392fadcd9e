"""Aggregations of Elasticsearch, and the fields they need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from toolkit.kibana.query_fields import clause_fields
from toolkit.kibana.readings import FieldRead, Need, read_fields
from toolkit.languages.positioned import PositionedNode

_NEEDS: Mapping[str, Need] = {
    "terms": Need.AGGREGATE,
    "significant_terms": Need.AGGREGATE,
    "rare_terms": Need.AGGREGATE,
    "multi_terms": Need.AGGREGATE,
    "cardinality": Need.AGGREGATE,
    "value_count": Need.AGGREGATE,
    "filter_ratio": Need.AGGREGATE,
    "ip_range": Need.AGGREGATE,
    "missing": Need.AGGREGATE,
    "geohash_grid": Need.EXISTS,
    "geotile_grid": Need.EXISTS,
    "geo_bounds": Need.EXISTS,
    "geo_centroid": Need.EXISTS,
    "top_hits": Need.EXISTS,
    "top_hit": Need.EXISTS,
    "top_metrics": Need.EXISTS,
    "date_histogram": Need.DATE,
    "auto_date_histogram": Need.DATE,
    "date_range": Need.DATE,
    "min": Need.NUMBER_OR_DATE,
    "max": Need.NUMBER_OR_DATE,
}
"""By aggregation; all others calculate."""
_WITHIN = ("aggs", "aggregations")


def need_of(aggregation: str) -> Need:
    """Return the need of an aggregation for its field.

    >>> need_of("terms").value, need_of("avg").value
    ('is grouped by', 'is calculated with')
    """
    return _NEEDS.get(aggregation, Need.NUMBER)


def aggregation_fields(holder: PositionedNode, view: str) -> Iterator[FieldRead]:
    """Yield the fields of all aggregations in the body of a search, or in an aggregation."""
    for key in _WITHIN:
        for each in holder.values(key):
            yield from _fields(each, view)
            yield from aggregation_fields(each, view)


def _fields(aggregation: PositionedNode, view: str) -> Iterator[FieldRead]:
    for kind, options in aggregation.items():
        if kind in _WITHIN or not isinstance(options.value, dict):
            continue
        if kind == "filter":
            yield from _searched(options, view)
        for each in options.values("filters"):
            yield from _searched(each, view)
        for source in options.values("sources"):
            for each in source.values():
                yield from _fields(each, view)
        for each in (options, *options.values("terms")):
            yield from read_fields(each.at("field"), need_of(str(kind)), view)


def _searched(clause: PositionedNode, view: str) -> Iterator[FieldRead]:
    for name in dict.fromkeys(clause_fields(clause)):
        yield FieldRead(name, Need.EXISTS, view, clause.find(name))
