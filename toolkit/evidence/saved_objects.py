"""Kibana's saved objects, and the fields of the indices their data views show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from toolkit.evidence.files import Files, FileSet, decode
from toolkit.evidence.index_fields import IndexFields, index_fields
from toolkit.kibana.graph import Graph, Statement
from toolkit.kibana.objects import parse_saved_objects
from toolkit.kibana.readings import Reading, Unread
from toolkit.kibana.views import View
from toolkit.model.contract import Scope
from toolkit.model.expectations.kibana import KibanaExpectation
from toolkit.model.queries import Answer, Derived, Query

__all__ = ["PanelFields", "PanelFieldsOf", "SavedObjectsIn", "panel_fields", "saved_objects"]

_DEFAULT = "logs-*"
"""The indices of lines of which the contract does not say where they go."""


@dataclass(frozen=True, slots=True)
class SavedObjectsIn(Derived[Graph]):
    """Read saved objects."""

    files: Query[FileSet]

    def parts(self) -> tuple[Query[Any], ...]:
        return (self.files,)

    def derive(self, files: Answer[FileSet]) -> Answer[Graph]:
        found = tuple(
            each
            for file in files.evidence
            for each in parse_saved_objects(decode(file, "an export"), file.name)
        )
        return Answer(Graph(found), files.origin, len(found), "saved objects")


@dataclass(frozen=True, slots=True)
class PanelFields:
    """What panels read, and what there is to read."""

    statements: tuple[Statement, ...]
    indices: tuple[IndexFields, ...]

    def behind(self, view: View) -> list[IndexFields]:
        """The indices a data view shows, among those that are known."""
        shown = [each for each in self.indices if view.shows(each.indices)]
        if not shown and len(self.indices) == 1 and self.indices[0].indices == _DEFAULT:
            return list(self.indices)
        return shown


@dataclass(frozen=True, slots=True)
class PanelFieldsOf(Derived[PanelFields]):
    """Bring together what panels read and the fields of the indices."""

    objects: Query[Graph]
    indices: tuple[Query[IndexFields], ...]

    def parts(self) -> tuple[Query[Any], ...]:
        return (self.objects, *self.indices)

    def derive(self, objects: Answer[Graph], *indices: Answer[IndexFields]) -> Answer[PanelFields]:
        statements = tuple(
            each
            for each in objects.evidence.statements()
            if isinstance(each.said, Reading | Unread)
        )
        evidence = PanelFields(statements, tuple(each.evidence for each in indices))
        return Answer(evidence, objects.origin, len(statements), "panel fields")


def saved_objects(expected: KibanaExpectation) -> Query[Graph] | None:
    """The saved objects the contract names; None where it names none."""
    if not expected.saved_objects:
        return None
    return SavedObjectsIn(Files(expected.saved_objects, expected.declared, "saved objects"))


def panel_fields(expected: KibanaExpectation, scope: Scope) -> Query[PanelFields] | None:
    """What the panels of the contract's saved objects read; None where it names none."""
    found = saved_objects(expected)
    if found is None:
        return None
    indices = (index_fields(each, scope) for each in scope.contract.logs)
    return PanelFieldsOf(found, tuple(each for each in indices if each is not None))
