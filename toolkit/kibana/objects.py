"""Saved objects as Kibana and its clients export them: NDJSON, or JSON of one object or several.

Kibana 6 and older wrote a list of objects with ``_type`` and ``_source``; its export of dashboards
wrote ``{"objects": […]}``; a dump of its index has the attributes below the type; the API of data
views has ``{"data_view": {…}}``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.findings import Location, Reader
from toolkit.languages.positioned import Path, Place, Positioned, PositionedNode, placed_in
from toolkit.languages.positioned_json import parse_json


@dataclass(frozen=True, slots=True)
class ObjectReference:
    """Another object that one refers to."""

    type: str
    id: str
    where: Location


@dataclass(frozen=True, slots=True, eq=False)
class SavedObject:
    """One object, with its place."""

    type: str
    id: str
    node: PositionedNode
    references: Mapping[str, ObjectReference]
    """By the name that its attributes use."""
    path: Path = ("attributes",)
    """From the node to the attributes."""

    @property
    def title(self) -> str:
        """The title; the id of an object without one."""
        return str(self.attributes.get("title") or self.id)

    @property
    def attributes(self) -> PositionedNode:
        """The attributes."""
        return self.node.at(*self.path)

    @property
    def body(self) -> Mapping[str, Any]:
        """The object in the form of Kibana's import."""
        if self.path == ("attributes",):
            body: Mapping[str, Any] = self.node.value
            return body
        references = [
            {"name": name, "type": each.type, "id": each.id}
            for name, each in self.references.items()
        ]
        attributes = self.attributes.value
        return {"type": self.type, "id": self.id, "attributes": attributes} | {
            "references": references
        }

    @property
    def reader(self) -> Reader:
        """Its name as that of a reader."""
        return Reader(named(self.type), self.title)

    def __str__(self) -> str:
        return str(self.reader)


def named(kind: str) -> str:
    """Return a type of objects as named in Kibana's user interface.

    >>> named("index-pattern"), named("dashboard")
    ('data view', 'dashboard')
    """
    return {"index-pattern": "data view", "search": "saved search", "lens": "Lens"}.get(kind, kind)


def parse_saved_objects(text: str, source: str) -> tuple[SavedObject, ...]:
    """Parse an export; other documents, such as the count at its end, are left out.

    Raises:
        InputError: At the place of a line that is not JSON.
    """
    return tuple(
        found
        for node in _nodes(text, placed_in(source, text))
        if (found := _saved_object(node)) is not None
    )


def _nodes(text: str, place: Place) -> Iterator[PositionedNode]:
    """Yield one node for each object: of a line each, or of the whole text."""
    head = text.lstrip()[:1]
    first, _, rest = text.strip().partition("\n")
    if head == "[" or not rest or first.strip() in ("{", "["):
        yield from _listed(PositionedNode(parse_json(text, place)))
        return
    start = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            yield PositionedNode(_line(line, start, place))
        start += len(line)


def _listed(whole: PositionedNode) -> Iterator[PositionedNode]:
    """The objects of a list, of an export with a list of ``objects``, or the one object."""
    if isinstance(whole.value, list):
        return whole.values()
    return whole.values("objects") if isinstance(whole.get("objects"), list) else iter((whole,))


def _line(line: str, start: int, place: Place) -> Positioned:
    return parse_json(line, lambda at, width: place(start + at, width))


def _saved_object(node: PositionedNode) -> SavedObject | None:
    for kind, name, path in _forms(node):
        if isinstance(kind, str) and isinstance(node.get(*path), dict):
            holder = node.at(*path[:-1])
            return SavedObject(kind, str(name), node, references_in(holder), path)
    return None


def _forms(node: PositionedNode) -> Iterator[tuple[Any, Any, Path]]:
    """The type, the id and the path to the attributes, in each form that objects have."""
    yield node.get("type"), node.get("id"), ("attributes",)
    kind, name = node.get("_source", "type"), str(node.get("_id"))
    if isinstance(kind, str):
        yield kind, name.removeprefix(f"{kind}:"), ("_source", kind)
    yield node.get("_type"), name, ("_source",)
    yield "index-pattern", node.get("data_view", "id"), ("data_view",)


def references_in(node: PositionedNode) -> dict[str, ObjectReference]:
    """Return the list ``references`` of an object, or of a panel with one."""
    return {
        str(each.get("name")): ObjectReference(
            str(each.get("type")), str(each.get("id")), each.locate("id")
        )
        for each in node.values("references")
        if isinstance(each.value, dict)
    }
