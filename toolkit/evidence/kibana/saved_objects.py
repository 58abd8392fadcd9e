"""Kibana's saved objects, and the fields of the indices their data views show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from toolkit.evidence.elasticsearch.index_fields import IndexFields, index_fields
from toolkit.evidence.files import File, Files, FileSet, decode, read_each
from toolkit.kibana.graph import Graph, Statement
from toolkit.kibana.objects import SavedObject, parse_saved_objects
from toolkit.kibana.readings import FieldRead, Unread
from toolkit.kibana.views import View
from toolkit.model.contract import Scope
from toolkit.model.expectations.kibana import KibanaExpectation
from toolkit.model.queries import Answer, Derived, Query

_DEFAULT = "logs-*"
"""The indices of lines of which the contract does not say where they go."""


@dataclass(frozen=True, slots=True)
class SavedObjectsIn(Derived[Graph]):
    """Read saved objects."""

    files: Query[FileSet]

    def derive(self, files: Answer[FileSet]) -> Answer[Graph]:
        found, unread = read_each(files.evidence, _objects)
        return Answer(Graph(tuple(found)), files.origin, len(found), "saved objects", unread)


def _objects(file: File) -> tuple[SavedObject, ...]:
    return parse_saved_objects(decode(file, "an export"), file.name)


@dataclass(frozen=True, slots=True)
class PanelFields:
    """What panels read, and what there is to read."""

    statements: tuple[Statement, ...]
    indices: tuple[IndexFields, ...]
    saved: tuple[View, ...] = ()
    """The data views of the export."""
    named: tuple[str, ...] = ()
    """Globs of all indices that are asked about."""
    asked: str = ""
    """The server that told it; empty where it was told by the files of the contract."""
    by_view: Mapping[str, tuple[IndexFields, ...]] | None = None
    """The indices by the id of the data view, where a server tells them so."""

    def views(self) -> Iterator[View]:
        """Every data view: those of the export, and those that panels hold themselves."""
        return shown_views(self.saved, self.statements)

    def tells_of(self, view: View) -> bool:
        """Whether anything is known here of the indices of a data view."""
        if self.by_view is not None:
            return view.id in self.by_view
        return any(map(view.shows, self.named)) or bool(self.behind(view))

    def is_vague(self) -> bool:
        """Whether the contract leaves open where some lines go."""
        return not self.named or _DEFAULT in self.named

    def behind(self, view: View) -> list[IndexFields]:
        """The indices a data view shows, among those that are known."""
        if self.by_view is not None:
            return list(self.by_view.get(view.id, ()))
        shown = [each for each in self.indices if any(map(view.shows, each.globs()))]
        if not shown and len(self.indices) == 1 and self.indices[0].indices == _DEFAULT:
            return list(self.indices)
        return shown


@dataclass(frozen=True, slots=True)
class PanelFieldsOf(Derived[PanelFields]):
    """Bring together what panels read and the fields of the indices."""

    objects: Query[Graph]
    indices: tuple[Query[IndexFields], ...]
    named: tuple[str, ...] = ()

    def derive(self, objects: Answer[Graph], *indices: Answer[IndexFields]) -> Answer[PanelFields]:
        found = tuple(each.evidence for each in indices)
        named = dict.fromkeys((*self.named, *(glob for each in found for glob in each.globs())))
        statements = field_statements(objects.evidence)
        evidence = PanelFields(
            statements, found, tuple(objects.evidence.views.values()), tuple(named)
        )
        return Answer(evidence, objects.origin, len(statements), "panel fields")


def field_statements(objects: Graph) -> tuple[Statement, ...]:
    """All that is read, and what cannot be told of it."""
    found = objects.statements()
    return tuple(each for each in found if isinstance(each.said, FieldRead | Unread))


def shown_views(saved: Iterable[View], statements: Iterable[Statement]) -> Iterator[View]:
    """Every data view: those that are saved, and those that panels hold themselves."""
    held = (view for each in statements for view in each.views)
    yield from {each.id: each for each in (*held, *saved)}.values()


def object_files(expected: KibanaExpectation) -> Files:
    """The files with the saved objects."""
    return Files(expected.saved_objects, expected.declared, "saved objects")


def saved_objects(expected: KibanaExpectation) -> Query[Graph] | None:
    """The saved objects the contract names; None where it names none."""
    return SavedObjectsIn(object_files(expected)) if expected.saved_objects else None


def panel_fields(expected: KibanaExpectation, scope: Scope) -> Query[PanelFields] | None:
    """What the panels of the contract's saved objects read; None where it names none."""
    found = saved_objects(expected)
    if found is None:
        return None
    logs = scope.contract.logs
    indices = (index_fields(each, scope) for each in logs)
    known = tuple(each for each in indices if each is not None)
    return PanelFieldsOf(found, known, tuple(dict.fromkeys(each.index for each in logs)))
