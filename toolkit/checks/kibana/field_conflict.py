"""A panel calculates with a field that is of one type here and of another there."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.checks.kibana._reading import doubtful, of_panels, readings
from toolkit.evidence.elasticsearch.index_fields import IndexFields
from toolkit.evidence.kibana.saved_objects import PanelFields
from toolkit.findings import Finding, Mark, Reader, Subject, Unproven
from toolkit.kibana.graph import Statement
from toolkit.kibana.readings import FieldRead, Need
from toolkit.model.expectations.kibana import KibanaExpectation
from toolkit.model.grouping import grouped


@check(expects=KibanaExpectation, queries=of_panels)
def field_conflict(
    expected: KibanaExpectation, observed: PanelFields
) -> Iterator[Finding | Unproven]:
    """A field that a panel groups by or calculates with has one type in all indices behind it.

    ## Why it matters
    Where a keyword here is a number there, Elasticsearch answers for some indices and fails
    for the others. Kibana marks the field as a conflict and refuses it in panels, though each
    index is sound by itself.

    ## How to fix it
    Give the field one type in all templates, roll the indices over, and reindex the old ones;
    or narrow the pattern of the data view.

    ## Reference
    https://www.elastic.co/docs/reference/elasticsearch/mapping-reference/field-data-types
    """
    seen: set[tuple[tuple[Reader, ...], str]] = set()
    for statement, reading in readings(observed):
        key = (statement.chain, reading.field)
        if reading.need is Need.EXISTS or key in seen:
            continue
        seen.add(key)
        indices = [index for view in statement.views for index in observed.behind(view)]
        if any(reading.field in view.made for view in statement.views):
            continue
        kinds = _by_family(reading.field, indices)
        if doubts := [each for index in indices for each in index.doubts_of_type(reading.field)]:
            yield doubtful(statement, reading, doubts)
        elif len(kinds) > 1:
            yield _conflict(statement, reading, kinds)


def _by_family(field: str, indices: list[IndexFields]) -> dict[str, list[IndexFields]]:
    """The indices that have a field, by what its types have in common; few come first."""
    found = grouped((each.family(field), each) for each in indices if each.definition(field))
    return dict(sorted(found.items(), key=lambda item: len(item[1])))


def _conflict(
    statement: Statement, reading: FieldRead, kinds: dict[str, list[IndexFields]]
) -> Finding:
    field = reading.field
    types = ", ".join(
        f"`{found[0].type_of(field)}` in {_named(found)}" for found in kinds.values()
    )
    return Finding(
        what=f"{statement} → field `{field}`, which is {types}",
        where=reading.where,
        why=f"{statement.views[0]} shows them all, and the field {reading.need}",
        fix=f"give `{field}` one type in all of them, or narrow the data view.",
        marks=tuple(
            Mark(found[0].type_of(field), found[0].mapping.locate(field))
            for found in kinds.values()
            if found[0].mapping.text
        )[-1:],
        breaks=(Subject("reader", f"{statement}"),),
        follows=(Subject("mapping", field), Subject("types", field)),
    )


def _named(found: list[IndexFields]) -> str:
    names = list(dict.fromkeys(each.called() for each in found))
    return names[0] if len(names) == 1 else f"{len(names)} indices"
