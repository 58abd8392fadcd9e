"""The time field of a data view is not the time of the events."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.checks.kibana._reading import mapped_by, of_data_views
from toolkit.evidence.elasticsearch.index_fields import IndexFields
from toolkit.evidence.kibana.saved_objects import PanelFields
from toolkit.findings import Finding, Subject, Unproven
from toolkit.kibana.readings import INDICES, FieldRead
from toolkit.kibana.views import View
from toolkit.model.expectations.kibana import KibanaExpectation

_USUAL = "@timestamp"


@check(expects=KibanaExpectation, queries=of_data_views)
def time_field(expected: KibanaExpectation, observed: PanelFields) -> Iterator[Finding | Unproven]:
    """Every data view of events has a time field, which is a date and which every event has.

    ## Why it matters
    Kibana shows the events whose time field lies in the span that people choose. Without the
    field, or on one that is no date, panels show nothing; without a time field at all, "last
    15 minutes" shows all that ever happened.

    ## How to fix it
    Choose the field the pipeline writes its times into, mostly `@timestamp`, and map it as
    `date`.

    ## Reference
    https://www.elastic.co/docs/explore-analyze/find-and-organize/data-views
    """
    for view in observed.views():
        indices = observed.behind(view)
        if not indices or view.id.startswith(INDICES):
            continue
        if view.time is None:
            yield from _without(view, indices)
        elif view.time.field not in view.made:
            yield from _judged(view, view.time, indices)


def _without(view: View, indices: list[IndexFields]) -> Iterator[Finding]:
    dated = next((index for index in indices if index.is_date(_USUAL)), None)
    if dated is not None:
        yield Finding(
            what=f"{view} has no time field, though its events have `{_USUAL}`",
            where=view.where,
            why=f"{mapped_by(_USUAL, dated)} as a date, and Kibana does not limit it to any span",
            fix=f'set `"timeFieldName": "{_USUAL}"`.',
        )


def _judged(
    view: View, time: FieldRead, indices: list[IndexFields]
) -> Iterator[Finding | Unproven]:
    """Yield the fault of the field in the first index that has one."""
    for index in indices:
        if fault := _fault(view, time, index):
            yield fault
            return


def _fault(view: View, time: FieldRead, index: IndexFields) -> Finding | Unproven | None:
    if index.definition(time.field) is None:
        if doubt := index.may_have(time.field):
            return Unproven(_not_mapped_here(view, time, *doubt))
        return _unmapped(view, time, index)
    if not index.is_date(time.field):
        return _no_date(view, time, index)
    return None if index.gives(time.field) else _never(view, time, index)


def _advice(index: IndexFields, otherwise: str) -> str:
    return f"did you mean `{_USUAL}`?" if index.is_date(_USUAL) else otherwise


def _no_date(view: View, time: FieldRead, index: IndexFields) -> Finding:
    field = time.field
    return Finding(
        what=f"the time field `{field}` of {view} is `{index.type_of(field)}`, not `date`",
        where=time.where,
        why=f"{mapped_by(field, index)} so, and Kibana chooses a span of time by dates only",
        fix=f"map `{field}` as `date`."
        if field == _USUAL
        else _advice(index, f"map `{field}` as `date`."),
        breaks=(Subject("reader", f"{view}"),),
        follows=(Subject("mapping", field),),
    )


def _unmapped(view: View, time: FieldRead, index: IndexFields) -> Finding:
    return Finding(
        what=f"the time field `{time.field}` of {view} is in no event of {index.called()}",
        where=time.where,
        why=f"{index.mapping.source} has no field of this name, and no line brings it",
        fix=_advice(index, "name the field the pipeline writes its times into."),
        breaks=(Subject("reader", f"{view}"),),
        follows=(Subject("field", time.field), Subject("mapping", time.field)),
    )


def _never(view: View, time: FieldRead, index: IndexFields) -> Finding:
    return Finding(
        what=f"the time field `{time.field}` of {view} is never written",
        where=time.where,
        why=f"{mapped_by(time.field, index)}, and none of the lines of {index.called()} gives it",
        fix=_advice(index, "write it in the pipeline, or name the field that is written."),
        breaks=(Subject("reader", f"{view}"),),
        follows=(Subject("field", time.field),),
    )


def _not_mapped_here(view: View, time: FieldRead, why: str, fix: str) -> Finding:
    return Finding(
        what=f"the time field `{time.field}` of {view} is not mapped by this template itself",
        where=time.where,
        why=why,
        fix=fix,
    )
