"""A panel wants of a field what its type cannot do."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.checks.kibana._reading import doubtful, mapped_by, of_panels, readings
from toolkit.evidence.elasticsearch.index_fields import IndexFields
from toolkit.evidence.kibana.saved_objects import PanelFields
from toolkit.findings import Finding, Subject, Unproven
from toolkit.kibana.graph import Statement
from toolkit.kibana.readings import FieldRead, Need
from toolkit.model.expectations.kibana import KibanaExpectation

_ADVICE = {
    Need.AGGREGATE: "map it as `keyword`, or add a multi-field of that type and read it.",
    Need.SORT: "map it as `keyword`, or add a multi-field of that type and sort by it.",
    Need.NUMBER: "map it as a number and convert it in the pipeline.",
    Need.NUMBER_OR_DATE: "map it as a number or as a date.",
    Need.DATE: "map it as `date`.",
}


@check(expects=KibanaExpectation, queries=of_panels)
def not_aggregatable(
    expected: KibanaExpectation, observed: PanelFields
) -> Iterator[Finding | Unproven]:
    """Every field is of a type that can do what its panel wants of it.

    ## Why it matters
    Elasticsearch refuses to group by a `text` field, and to take the mean of a `keyword`:
    the panel shows an error, or Kibana silently drops the column.

    ## How to fix it
    Read the `keyword` beside the `text`, or change the type in the index template and roll
    the index over.

    ## Reference
    https://www.elastic.co/docs/reference/elasticsearch/mapping-reference/doc-values
    """
    for statement, reading in readings(observed):
        field = reading.field
        if any(field in view.made for view in statement.views):
            continue
        indices = [index for view in statement.views for index in observed.behind(view)]
        knowing = [index for index in indices if index.definition(field)]
        doubts = [each for index in indices for each in index.doubts_of_type(field)]
        if doubts and reading.need is not Need.EXISTS:
            yield doubtful(statement, reading, doubts)
        elif knowing and not any(_can(index, reading) for index in knowing):
            yield _cannot(statement, reading, knowing[0])


def _can(index: IndexFields, reading: FieldRead) -> bool:
    field = reading.field
    match reading.need:
        case Need.EXISTS:
            return True
        case Need.NUMBER:
            return index.is_number(field)
        case Need.NUMBER_OR_DATE:
            return index.is_number(field) or index.is_date(field)
        case Need.DATE:
            return index.is_date(field)
        case _:
            return index.is_aggregatable(field)


def _cannot(statement: Statement, reading: FieldRead, index: IndexFields) -> Finding:
    field = reading.field
    beside = f"{field}.keyword"
    advice = _ADVICE[reading.need]
    if "doc_values" in (index.definition(field) or {}):
        advice = "take `doc_values: false` out of the template."
    if reading.need in (Need.AGGREGATE, Need.SORT) and index.definition(beside):
        advice = f"read `{beside}`."
    return Finding(
        what=f"{statement} → field `{field}` {reading.need}, and is `{index.type_of(field)}`",
        where=reading.where,
        why=f"{mapped_by(field, index)} so, and a field of that type cannot do it",
        fix=advice,
        breaks=(Subject("reader", f"{statement}"),),
        follows=(Subject("mapping", field),),
    )
