"""A panel reads a field that no line ends up in."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from toolkit.checks import check
from toolkit.checks.kibana._reading import doubtful, of_panels, readings, strangers
from toolkit.evidence.elasticsearch.index_fields import IndexFields
from toolkit.evidence.kibana.saved_objects import PanelFields
from toolkit.findings import Finding, Reader, Subject, Unproven
from toolkit.kibana.graph import Statement
from toolkit.kibana.readings import FieldRead
from toolkit.model.expectations.kibana import KibanaExpectation


@check(expects=KibanaExpectation, queries=of_panels)
def field_missing(
    expected: KibanaExpectation, observed: PanelFields
) -> Iterator[Finding | Unproven]:
    """Every field that a panel, a query or a control reads is one that the lines fill.

    ## Why it matters
    A panel on a field that does not exist shows "No results found", as it does on a quiet
    day. After a field was renamed in the pipeline, the dashboard looks healthy and is blind.

    ## How to fix it
    Correct the field in the panel, or in the pipeline and the index template. Where only no
    sample line has the field, add one.

    ## Reference
    https://www.elastic.co/docs/explore-analyze/find-and-organize/data-views
    """
    yield from map(Unproven, strangers(expected, observed))
    seen: set[tuple[tuple[Reader, ...], str]] = set()
    for statement, reading in readings(observed):
        key = (statement.chain, reading.field)
        if key not in seen:
            seen.add(key)
            yield from _judged(statement, reading, observed)


def _judged(
    statement: Statement, reading: FieldRead, observed: PanelFields
) -> Iterator[Finding | Unproven]:
    field, views = reading.field, statement.views
    indices = [index for view in views for index in observed.behind(view)]
    strange = not all(observed.behind(view) for view in views)
    if not indices or strange or any(field in view.made for view in views):
        return
    knowing = [index for index in indices if index.knows(field)]
    if any(index.gives(field) for index in knowing if "*" not in field) or (
        knowing and "*" in field
    ):
        return
    if doubts := [each for index in indices for each in index.doubts_of(field)]:
        yield doubtful(statement, reading, doubts)
    elif knowing:
        yield Unproven(_never_filled(statement, reading, knowing[0]))
    elif reasons := [each for index in indices if (each := index.may_have(field))]:
        yield Unproven(_unmapped(statement, reading, *reasons[0]))
    else:
        yield _missing(statement, reading, indices, observed.asked)


def _missing(
    statement: Statement, reading: FieldRead, indices: list[IndexFields], asked: str
) -> Finding:
    field, first = reading.field, indices[0]
    names = [name for index in indices for name in index.names()]
    near = get_close_matches(field, names, n=1, cutoff=0.7)
    return Finding(
        what=f"{statement} → field `{field}`, which no {'index there' if asked else 'line'} has",
        where=reading.where,
        why=f"{statement.views[0]} → {first.mapping.source}, which has none of this name"
        if asked
        else f"{statement.views[0]} → {first.mapping.source} → {len(names)} fields, "
        "and none of this name",
        fix=f"did you mean `{near[0]}`?" if near else "read a field there is, or have it made.",
        breaks=(Subject("reader", f"{statement}"),),
        follows=(Subject("field", field), Subject("mapping", field), Subject("sources", field)),
    )


def _never_filled(statement: Statement, reading: FieldRead, index: IndexFields) -> Finding:
    return Finding(
        what=f"{statement} → field `{reading.field}`, and no line here fills it",
        where=reading.where,
        why=f"{index.mapping.source} maps it, and none of the lines of `{index.log}` has it",
        fix="add a sample line that has it, or correct the field.",
        follows=(Subject("field", reading.field), Subject("sources", reading.field)),
    )


def _unmapped(statement: Statement, reading: FieldRead, why: str, fix: str) -> Finding:
    return Finding(
        what=f"{statement} → field `{reading.field}`, which this template does not map itself",
        where=reading.where,
        why=why,
        fix=fix,
    )
