"""What panels want of fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from toolkit.findings import Location
from toolkit.kibana.objects import ObjectReference
from toolkit.languages.positioned import PositionedNode

INDICES = "indices:"
"""What globs of indices begin with where they stand for a data view."""

SEARCH = "search:"
"""What the id of a saved search begins with where its data view is meant."""


class Need(StrEnum):
    """What a field must be good for."""

    EXISTS = "is searched or shown"
    AGGREGATE = "is grouped by"
    SORT = "is sorted by"
    NUMBER = "is calculated with"
    NUMBER_OR_DATE = "is compared"
    DATE = "is a time axis"
    TIME = "is the time field"
    """Of the data view itself."""


@dataclass(frozen=True, slots=True)
class FieldRead:
    """A field that somebody reads, through a data view."""

    field: str
    need: Need
    view: str
    """The id of the data view; or `INDICES` and globs; empty where whoever is around decides."""
    where: Location


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that is not understood here, by the name people have for it."""

    what: str
    where: Location


@dataclass(frozen=True, slots=True)
class Dangling:
    """A name of a reference that is in no list of references."""

    name: str
    where: Location


Said = FieldRead | Unread | Dangling


@dataclass(frozen=True, slots=True)
class ObjectPart:
    """The attributes of an object, or of a panel that holds one by value."""

    node: PositionedNode
    references: Mapping[str, ObjectReference] = field(default_factory=dict)

    def view(self, name: str) -> str | None:
        """The id of the data view that the reference ``name`` leads to."""
        found = self.references.get(name)
        return found.id if found and found.type == "index-pattern" else None
