"""The questions that checks of saved objects ask, and what they cannot be asked of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from toolkit.evidence.elasticsearch.index_fields import IndexFields
from toolkit.evidence.kibana.data_views import data_views
from toolkit.evidence.kibana.fields import live_panel_fields
from toolkit.evidence.kibana.saved_objects import PanelFields, panel_fields
from toolkit.findings import Finding
from toolkit.kibana.graph import Statement
from toolkit.kibana.readings import INDICES, FieldRead, Need, Unread
from toolkit.kibana.views import View
from toolkit.model.contract import Scope
from toolkit.model.expectations.kibana import KibanaExpectation
from toolkit.model.queries import Query


def of_panels(expected: KibanaExpectation, scope: Scope) -> Mapping[str, Query[PanelFields]]:
    """What panels read, and the fields there are: by the files, and by each server asked."""
    query = panel_fields(expected, scope)
    return {"": query, **dict(live_panel_fields(expected, scope))} if query else {}


def of_data_views(expected: KibanaExpectation, scope: Scope) -> Mapping[str, Query[PanelFields]]:
    """The same, of data views and counted by them; nothing where the contract has no lines."""
    if not scope.contract.logs:
        return {}
    return {source: data_views(each) for source, each in of_panels(expected, scope).items()}


def readings(observed: PanelFields) -> Iterator[tuple[Statement, FieldRead]]:
    """Each field that each panel reads, once for what it needs of it."""
    seen: set[tuple[tuple[str, ...], str, str]] = set()
    for statement in observed.statements:
        content = statement.content
        if isinstance(content, FieldRead) and content.need is not Need.TIME:
            key = (statement.chain, content.field, content.need)
            if key not in seen:
                seen.add(key)
                yield statement, content


def is_external(view: View, expected: KibanaExpectation) -> bool:
    """Whether the contract says that others fill what a data view shows."""
    return any(map(view.shows, expected.external))


def mapped_by(field: str, index: IndexFields) -> str:
    """Who gives a field its type, as in ``template.json:4:5 maps it``."""
    if field in index.mapped and index.mapping.text:
        return f"{index.mapping.locate(field)} maps it"
    return f"{index.mapping.source} {'leaves' if index.mapping.text else 'has'} it"


def subject(view: View) -> str:
    """The subject of findings that say that a data view shows nothing."""
    return f"indices of {view}"


def strangers(expected: KibanaExpectation, observed: PanelFields) -> Iterator[Finding]:
    """What cannot be looked at: kinds that are not read, and data views of other indices.

    A server that is asked in addition is asked of nothing but what it has.
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
        what=f"{statement} is not looked at: {content.what}",
        where=content.where,
        why="the fields it reads cannot be told",
        fix="accept it under `suppress:` with a reason, or build the panel with Lens.",
    )


def strange(view: View, observed: PanelFields) -> Finding:
    """That nothing can be told of what a data view shows."""
    why = f"the indices the contract speaks of under `logs:` are {_known(observed)}"
    fix = "correct the pattern, name the lines that go there with `index:`, or add it to "
    fix += "`kibana: external`."
    if observed.tells_of(view):
        why = "the lines that go there have neither samples here nor a template"
        fix = "name `samples:` and a `template:` of these lines."
    return Finding(
        what=f"{view} shows indices of which nothing is known",
        where=view.where,
        why=why,
        fix=fix,
        follows=() if view.id.startswith(INDICES) else (subject(view),),
    )


def _known(observed: PanelFields) -> str:
    return ", ".join(f"`{each}`" for each in observed.named[:4]) or "none"
