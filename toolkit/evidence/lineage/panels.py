"""Kibana: data views over fields, the panels that read them, and their dashboards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from toolkit.evidence.lineage.fields import FieldLineage
from toolkit.findings import Finding, Reader, Subject
from toolkit.kibana.graph import Graph, Statement
from toolkit.kibana.objects import SavedObject
from toolkit.kibana.readings import FieldRead, Unread
from toolkit.kibana.views import View
from toolkit.model.lineage import FIELDS, LineageBuilder, LineageNode

_DEFAULT = "logs-*"
"""The default index pattern of lines."""


def add_panels(builder: LineageBuilder, objects: Graph, indices: Sequence[FieldLineage]) -> None:
    """Add data views, panels and dashboards, each under the fields that it reads.

    All panels of a data view depend on its time field.

    Args:
        builder: The lineage to extend.
        objects: The saved objects.
        indices: The fields of each log.
    """
    panels = _PanelLineage(builder, objects, indices)
    of_views, of_panels = list[tuple[Statement, FieldRead]](), list[tuple[Statement, FieldRead]]()
    for statement in objects.statements:
        content = statement.content
        if isinstance(content, Unread):
            builder.gap(FIELDS, _unread(statement, content))
        elif isinstance(content, FieldRead) and not content.field.startswith("_"):
            of_view = statement.chain[0].kind == "data view"
            (of_views if of_view else of_panels).append((statement, content))
    for statement, content in of_views:
        panels.time(statement, content)
    for statement, content in of_panels:
        panels.reading(statement, content)
    for statement, content in of_panels:
        panels.timed(statement, content)


@dataclass
class _PanelLineage:
    """Adds the fields that saved objects read, one at a time."""

    builder: LineageBuilder
    objects: Graph
    indices: Sequence[FieldLineage]
    times: dict[str, tuple[str, LineageNode]] = field(default_factory=dict)
    """The time fields of data views, by their ids, with the data views that read them."""

    def time(self, statement: Statement, content: FieldRead) -> None:
        """Add a data view under its time field."""
        shown = self._reader(statement, content)
        for view in statement.views:
            self.times[view.id] = (content.field, shown)
            for source in self._read(view, content):
                self.builder.edge(source, shown)

    def reading(self, statement: Statement, content: FieldRead) -> None:
        """Add a panel under a field, through its data views."""
        reader = self._reader(statement, content)
        for view in statement.views:
            time, shown = self.times.get(view.id, ("", None))
            if shown is not None and time == content.field:
                self.builder.edge(shown, reader, content.where)
                continue
            for source in self._read(view, content):
                shown = self._shown(view, source)
                self.builder.edge(source, shown)
                self.builder.edge(shown, reader, content.where)

    def timed(self, statement: Statement, content: FieldRead) -> None:
        """Add a panel under the time fields of its data views."""
        for view in statement.views:
            _, shown = self.times.get(view.id, ("", None))
            if shown is not None:
                self.builder.edge(shown, self._reader(statement, content), content.where)

    def _shown(self, view: View, source: LineageNode) -> LineageNode:
        """Return a data view with one field only, on which its panels depend."""
        title, within = ",".join(view.patterns), f"{view.id} {source.where} {source.name}"
        return self.builder.node("data view", title, view.where, within=within, means=True)

    def _read(self, view: View, content: FieldRead) -> list[LineageNode]:
        """Return the mapped fields that are read through a data view, runtime fields included."""
        if content.field in view.made:
            return []
        behind = _behind(view, self.indices)
        return [node for index in behind for node in index.meant(content.field)]

    def _reader(self, statement: Statement, content: FieldRead) -> LineageNode:
        *above, last = statement.chain
        dashboards = [self._dashboard(shown) for shown in above]
        node = self.builder.node(
            last.kind,
            last.name,
            content.where,
            detail=", ".join(f"on {each.name}" for each in dashboards),
            within=f"{statement}",
            subjects=(Subject("reader", f"{statement}"),),
        )
        for dashboard in dashboards:
            self.builder.edge(node, dashboard)
        return node

    def _dashboard(self, shown: Reader) -> LineageNode:
        where = self._shared[shown].attributes.locate("title")
        return self.builder.node(shown.kind, shown.name, where, within="Kibana", detail="Kibana")

    @cached_property
    def _shared(self) -> Mapping[Reader, SavedObject]:
        """The saved objects by what shows them; the first of those that share a name."""
        return {each.reader: each for each in reversed(self.objects.objects)}


def _behind(view: View, indices: Sequence[FieldLineage]) -> list[FieldLineage]:
    """Return the indices of the contract that a data view matches."""
    shown = [each for each in indices if view.shows(each.expected.index)]
    if not shown and len(indices) == 1 and indices[0].expected.index == _DEFAULT:
        return list(indices)
    return shown


def _unread(statement: Statement, content: Unread) -> Finding:
    return Finding(
        what=f"{statement} was not checked: {content.what}",
        where=content.where,
        why="the fields it reads are not known",
        fix="check it in Kibana, or build the panel with Lens.",
    )
