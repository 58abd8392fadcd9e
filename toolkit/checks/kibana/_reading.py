"""The question two checks of saved objects ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from toolkit.evidence.saved_objects import PanelFields, panel_fields
from toolkit.kibana.graph import Statement
from toolkit.kibana.readings import Reading
from toolkit.model.contract import Scope
from toolkit.model.expectations.kibana import KibanaExpectation
from toolkit.model.queries import Query

__all__ = ["of_panels", "readings"]


def of_panels(expected: KibanaExpectation, scope: Scope) -> Mapping[str, Query[PanelFields]]:
    """What panels read, and the fields there are."""
    query = panel_fields(expected, scope)
    return {"": query} if query else {}


def readings(observed: PanelFields) -> Iterator[tuple[Statement, Reading]]:
    """Each field that each panel reads, once for what it needs of it."""
    seen: set[tuple[tuple[str, ...], str, str]] = set()
    for statement in observed.statements:
        said = statement.said
        if isinstance(said, Reading):
            key = (statement.chain, said.field, said.need)
            if key not in seen:
                seen.add(key)
                yield statement, said
