"""Queries and findings that the checks of saved objects share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from toolkit.evidence.elasticsearch.index_fields import IndexFields
from toolkit.evidence.kibana.live_fields import live_panel_fields
from toolkit.evidence.kibana.saved_objects import PanelFields, panel_fields
from toolkit.findings import Finding, Reader, Subject, Unproven
from toolkit.kibana.graph import Statement
from toolkit.kibana.readings import INDICES, FieldRead, Need, Unread
from toolkit.kibana.views import View
from toolkit.model.contract import Scope
from toolkit.model.expectations.kibana import KibanaExpectation
from toolkit.model.queries import Query, SubjectsOf


def of_panels(expected: KibanaExpectation, scope: Scope) -> Mapping[str, Query[PanelFields]]:
    """Return the queries for the fields that panels read, by files and by each live server."""
    query = panel_fields(expected, scope)
    return {"": query, **dict(live_panel_fields(expected, scope))} if query else {}


def of_data_views(expected: KibanaExpectation, scope: Scope) -> Mapping[str, Query[PanelFields]]:
    """Return the queries for data views; empty if the contract has no logs."""
    asked = of_panels(expected, scope) if scope.contract.logs else {}
    return {
        source: SubjectsOf(each, _known_views, "data views", promised=True)
        for source, each in asked.items()
    }


def _known_views(observed: PanelFields) -> Iterator[View]:
    return (each for each in observed.views() if not observed.asked or observed.tells_of(each))


def readings(observed: PanelFields) -> Iterator[tuple[Statement, FieldRead]]:
    """Yield each field that each panel reads, once for each need."""
    seen: set[tuple[tuple[Reader, ...], str, Need]] = set()
    for statement in observed.statements:
        content = statement.content
        if isinstance(content, FieldRead) and content.need is not Need.TIME:
            key = (statement.chain, content.field, content.need)
            if key not in seen:
                seen.add(key)
                yield statement, content


def doubtful(statement: Statement, reading: FieldRead, doubts: Iterable[Finding]) -> Unproven:
    """Return that the field which a panel reads is not known.

    Args:
        statement: The panel, and what it is part of.
        reading: The field.
        doubts: Why the field is not known; the first of them is shown.
    """
    doubt = next(iter(doubts))
    return Unproven(
        replace(
            doubt,
            what=f"{statement} → {doubt.what}",
            where=reading.where,
            why=f"{doubt.where} → {doubt.why}",
        )
    )


def is_external(view: View, expected: KibanaExpectation) -> bool:
    """Return True if the contract declares that others fill the indices of a data view."""
    return any(map(view.shows, expected.external))


def mapped_by(field: str, index: IndexFields) -> str:
    """Return the origin of a field's type, as in ``template.json:4:5 maps it``."""
    if field in index.mapped and index.mapping.text:
        return f"{index.mapping.locate(field)} maps it"
    return f"{index.mapping.source} {'leaves' if index.mapping.text else 'has'} it"


def indices_of(view: View) -> Subject:
    """Return the subject of findings about data views without indices."""
    return Subject("indices", f"{view}")


def strangers(expected: KibanaExpectation, observed: PanelFields) -> Iterator[Finding]:
    """Yield what cannot be verified: unsupported objects, and data views of other indices.

    For a live server in addition, only its own data views count.
    """
    if observed.asked:
        return
    for statement in observed.statements:
        if isinstance(statement.content, Unread):
            yield _unread(statement, statement.content)
    unknown: dict[str, View] = {}
    for statement, reading in readings(observed):
        unknown |= {each.id: each for each in statement.views if not observed.behind(each)}
        if not statement.views and not reading.view:
            yield _homeless(statement, reading)
    for view in unknown.values():
        if not is_external(view, expected):
            yield strange(view, observed)


def _homeless(statement: Statement, reading: FieldRead) -> Finding:
    return Finding(
        what=f"{statement} → field `{reading.field}`, of no data view in particular",
        where=reading.where,
        why="there is no data view in the export that it could belong to",
        fix="export it with its related objects.",
    )


def _unread(statement: Statement, content: Unread) -> Finding:
    return Finding(
        what=f"{statement} was not checked: {content.what}",
        where=content.where,
        why="the fields it reads are not known",
        fix="accept it under `suppress:` with a reason, or build the panel with Lens.",
    )


def strange(view: View, observed: PanelFields) -> Finding:
    """Return the finding that nothing is known of the indices of a data view."""
    why = f"the indices of the contract under `logs:` are {_known(observed)}"
    fix = "correct the pattern, name the lines that go there with `index:`, or add it to "
    fix += "`kibana: external`."
    if observed.tells_of(view):
        why = "the lines of these indices have neither samples nor a template"
        fix = "name `samples:` and a `template:` of these lines."
    return Finding(
        what=f"{view} shows indices of which nothing is known",
        where=view.where,
        why=why,
        fix=fix,
        follows=() if view.id.startswith(INDICES) else (indices_of(view),),
    )


def _known(observed: PanelFields) -> str:
    return ", ".join(f"`{each}`" for each in observed.named[:4]) or "none"
