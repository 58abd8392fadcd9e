"""Saved objects of Kibana, and the fields of the indices behind their data views."""

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
"""The default index pattern of lines."""


@dataclass(frozen=True, slots=True)
class SavedObjectsIn(Derived[Graph]):
    """Parse saved objects."""

    files: Query[FileSet]

    def derive(self, files: Answer[FileSet]) -> Answer[Graph]:
        found, unread = read_each(files.evidence, _objects)
        return Answer(Graph(tuple(found)), files.origin, len(found), "saved objects", unread)


def _objects(file: File) -> tuple[SavedObject, ...]:
    return parse_saved_objects(decode(file, "an export"), file.name)


@dataclass(frozen=True, slots=True)
class PanelFields:
    """The fields that panels read, and the fields of the indices."""

    statements: tuple[Statement, ...]
    indices: tuple[IndexFields, ...]
    saved: tuple[View, ...] = ()
    """The data views of the export."""
    named: tuple[str, ...] = ()
    """Index patterns of the contract."""
    asked: str = ""
    """The queried server; empty for evidence from files."""
    by_view: Mapping[str, tuple[IndexFields, ...]] | None = None
    """The indices by the id of the data view, if a server was queried."""

    def views(self) -> Iterator[View]:
        """Yield every data view: those of the export, and inline ones of panels."""
        return shown_views(self.saved, self.statements)

    def tells_of(self, view: View) -> bool:
        """Return True if the indices of a data view are known."""
        if self.by_view is not None:
            return view.id in self.by_view
        return any(map(view.shows, self.named)) or bool(self.behind(view))

    def is_vague(self) -> bool:
        """Return True if some lines have no index pattern of their own."""
        return not self.named or _DEFAULT in self.named

    def behind(self, view: View) -> list[IndexFields]:
        """Return the known indices that a data view matches."""
        if self.by_view is not None:
            return list(self.by_view.get(view.id, ()))
        shown = [each for each in self.indices if any(map(view.shows, each.globs()))]
        # Lines whose index nothing states may be behind any data view, if they are the only ones.
        alone = len(self.indices) == 1 and self.indices[0].globs() == (_DEFAULT,)
        return list(self.indices) if alone else shown


@dataclass(frozen=True, slots=True)
class PanelFieldsOf(Derived[PanelFields]):
    """Combine the fields that panels read with those of the indices."""

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
    """Return the fields that are read, and the parts that cannot be parsed."""
    found = objects.statements
    return tuple(each for each in found if isinstance(each.content, FieldRead | Unread))


def shown_views(saved: Iterable[View], statements: Iterable[Statement]) -> Iterator[View]:
    """Yield every data view: the saved ones, and inline ones of panels."""
    held = (view for each in statements for view in each.views)
    yield from {each.id: each for each in (*held, *saved)}.values()


def object_files(expected: KibanaExpectation) -> Files:
    """Return the query for the files with the saved objects."""
    return Files(expected.saved_objects, expected.declared, "saved objects")


def saved_objects(expected: KibanaExpectation) -> Query[Graph] | None:
    """Return the query for the contract's saved objects; None if it has none."""
    return SavedObjectsIn(object_files(expected)) if expected.saved_objects else None


def panel_fields(expected: KibanaExpectation, scope: Scope) -> Query[PanelFields] | None:
    """Return the query for the fields that the contract's panels read; None if it has none."""
    found = saved_objects(expected)
    if found is None:
        return None
    logs = scope.contract.logs
    indices = (index_fields(each, scope) for each in logs)
    known = tuple(each for each in indices if each is not None)
    named = (name.strip() for each in logs for name in each.index.split(","))
    return PanelFieldsOf(found, known, tuple(dict.fromkeys(named)))
