"""The time field of a data view is not the time of the events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

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
    field, what = time.field, f"the time field `{time.field}` of {view} is"
    doubts = index.doubts_of_type(field)
    if not doubts and not index.gives(field):
        doubts = index.doubts_of(field)
    if doubts:
        return Unproven(replace(doubts[0], what=f"the time field of {view}: {doubts[0].what}"))
    if doubt := index.definition(field) is None and index.may_have(field):
        return Unproven(Finding(f"{what} not mapped by this template itself", time.where, *doubt))
    mapped = Subject("mapping", field)
    follows = [Subject("field", field)]
    if index.definition(field) is None:
        what += f" in no event of {index.called()}"
        why = f"{index.mapping.source} has no field of this name, and no line brings it"
        fix = "name the field the pipeline writes its times into."
        follows.append(mapped)
    elif not index.is_date(field):
        what += f" `{index.type_of(field)}`, not `date`"
        why = f"{mapped_by(field, index)} so, and Kibana chooses a span of time by dates only"
        fix, follows = f"map `{field}` as `date`.", [mapped]
    elif not index.gives(field):
        what += " never written"
        why = f"{mapped_by(field, index)}, and none of the lines of {index.called()} gives it"
        fix = "write it in the pipeline, or name the field that is written."
    else:
        return None
    if index.is_date(_USUAL):
        fix = f"did you mean `{_USUAL}`?"
    broken = (Subject("reader", f"{view}"),)
    return Finding(what, time.where, why, fix, breaks=broken, follows=tuple(follows))
