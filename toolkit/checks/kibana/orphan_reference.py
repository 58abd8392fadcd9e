"""A saved object refers to one that is not there."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from toolkit.checks import check
from toolkit.evidence.kibana.saved_objects import saved_objects
from toolkit.findings import Finding, Location, Severity, Subject, Unproven
from toolkit.kibana.graph import Graph
from toolkit.kibana.objects import ObjectReference, SavedObject, named
from toolkit.kibana.readings import SEARCH, Dangling, FieldRead
from toolkit.model.expectations.kibana import KibanaExpectation


@check(expects=KibanaExpectation, queries=lambda expected, scope: saved_objects(expected))
def orphan_reference(expected: KibanaExpectation, observed: Graph) -> Iterator[Finding | Unproven]:
    """Every object that a saved object refers to is in the same export.

    ## Why it matters
    Kibana refuses an import with `missing_references`, or takes it, and the panel reports that
    it could not locate its data view.

    ## How to fix it
    Export with "include related objects", or correct the id.

    ## Reference
    https://www.elastic.co/docs/explore-analyze/find-and-organize/saved-objects
    """
    for found, reference in observed.missing():
        finding = _missing(found, reference, observed)
        apart = reference.type == "index-pattern" and _is_made_by_a_program(reference.id)
        yield Unproven(finding) if apart else finding
    reported = {reference.id for _, reference in observed.missing()}
    # A saved search whose data view is missing is reported itself.
    searches = {f"{SEARCH}{each.id}" for each in observed.objects if each.type == "search"}
    exports = {each.where.source for each in observed.views.values()}
    for statement in observed.statements:
        match statement.content:
            case Dangling(name, where):
                yield _dangling(str(statement), name, where)
            case FieldRead(_, _, view, where) if (
                view and not statement.views and view not in {*reported, *searches}
            ):
                reported.add(view)
                finding = _no_view(str(statement), view, where)
                # Kibana 6 and older exported no data views: there they are made by hand.
                known = where.source in exports and not _is_made_by_a_program(view)
                yield finding if known else Unproven(finding)


def _is_made_by_a_program(view: str) -> bool:
    """Return True for the id of a data view that was not exported from Kibana.

    Beats and scripts give a data view its pattern as id; a script writes another id in place of
    one in capitals, which no pattern of indices has.
    """
    return "*" in view or view.isupper()


def _missing(found: SavedObject, reference: ObjectReference, observed: Graph) -> Finding:
    ids = [each.id for each in observed.objects if each.type == reference.type]
    near = get_close_matches(reference.id, ids, n=1)
    there = f"the export has {', '.join(f'`{each}`' for each in ids[:4]) or 'none'} of that type"
    return Finding(
        what=f"{found} refers to the {named(reference.type)} `{reference.id}`, which is not there",
        where=reference.where,
        why=there,
        fix=f"did you mean `{near[0]}`?" if near else "export it with its related objects.",
        # Kibana imports and shows an object without its tags.
        severity=Severity.WARNING if reference.type == "tag" else None,
        breaks=(Subject("saved object", f"{reference.type} {reference.id}"),),
    )


def _dangling(chain: str, name: str, where: Location) -> Finding:
    return Finding(
        what=f"{chain} speaks of the reference `{name}`, and has none of that name",
        where=where,
        why="what it shows is found by that name in the list `references`",
        fix="add the reference, or export the object anew.",
    )


def _no_view(chain: str, view: str, where: Location) -> Finding:
    return Finding(
        what=f"{chain} is of the data view `{view}`, which is not there",
        where=where,
        why="the export has no data view of that id",
        fix="export it with its related objects.",
    )
