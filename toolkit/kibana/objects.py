"""Saved objects as Kibana exports them: NDJSON, or JSON of one object or of a list of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from toolkit.findings import Location
from toolkit.languages.positioned import Place, Positioned, PositionedNode, placed_in
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

    @property
    def title(self) -> str:
        """The title; the id of an object without one."""
        return str(self.node.get("attributes", "title") or self.id)

    @property
    def attributes(self) -> PositionedNode:
        """The attributes."""
        return self.node.at("attributes")

    def __str__(self) -> str:
        return f"{named(self.type)} `{self.title}`"


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
    if head == "[" or (rest and first.strip() in ("{", "[")):
        whole = PositionedNode(parse_json(text, place))
        yield from whole.values() if head == "[" else [whole]
        return
    start = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            yield PositionedNode(_line(line, start, place))
        start += len(line)


def _line(line: str, start: int, place: Place) -> Positioned:
    return parse_json(line, lambda at, width: place(start + at, width))


def _saved_object(node: PositionedNode) -> SavedObject | None:
    kind, name = node.get("type"), node.get("id")
    if not isinstance(kind, str) or not isinstance(node.get("attributes"), dict):
        return None
    return SavedObject(kind, str(name), node, references_in(node))


def references_in(node: PositionedNode) -> dict[str, ObjectReference]:
    """Return the list ``references`` of an object, or of a panel with one."""
    return {
        str(each.get("name")): ObjectReference(
            str(each.get("type")), str(each.get("id")), each.locate("id")
        )
        for each in node.values("references")
        if isinstance(each.value, dict)
    }
