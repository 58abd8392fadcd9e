"""The fields that panels read, and what they need of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from toolkit.findings import Location
from toolkit.kibana.objects import ObjectReference
from toolkit.languages.positioned import PositionedNode

INDICES = "indices:"
"""The prefix of index patterns in place of a data view."""

SEARCH = "search:"
"""The prefix of the id of a saved search, in place of its data view."""


_RECORDS = "___records___"
"""Documents as such, in Lens: no field."""


class Need(StrEnum):
    """The requirement for a field."""

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
    """A field that is read, through a data view."""

    field: str
    need: Need
    view: str
    """The id of the data view; or `INDICES` and globs; empty for that of the container."""
    where: Location


@dataclass(frozen=True, slots=True)
class Unread:
    """Something unsupported, by its usual name."""

    what: str
    where: Location


@dataclass(frozen=True, slots=True)
class Dangling:
    """The name of a reference that is not in the list of references."""

    name: str
    where: Location


Content = FieldRead | Unread | Dangling


def read_fields(node: PositionedNode, need: Need, view: str) -> Iterator[FieldRead]:
    """Yield a field, or each of a list of fields.

    Args:
        node: The name or names; anything else is no field.
        need: The requirement for the field.
        view: The data view.
    """
    for each in node.values() if isinstance(node.value, list) else [node]:
        if isinstance(each.value, str) and each.value not in ("", _RECORDS):
            yield FieldRead(each.value, need, view, each.locate())


@dataclass(frozen=True, slots=True)
class ObjectPart:
    """The attributes of an object, or of a panel that holds one by value."""

    node: PositionedNode
    references: Mapping[str, ObjectReference] = field(default_factory=dict)

    def view(self, name: str) -> str | None:
        """Return the id of the data view of the reference ``name``."""
        found = self.references.get(name)
        return found.id if found and found.type == "index-pattern" else None
