"""Queries to a running Kibana: its status, its saved objects, its data views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from toolkit.kibana.graph import Graph
from toolkit.model.queries import Answer, Dependent, Leaf, Query, Recordable


@dataclass(frozen=True, slots=True)
class StatusText(Recordable):
    """The response of Kibana's status API, as JSON."""

    text: str


@dataclass(frozen=True, slots=True)
class StatusQuery(Leaf[StatusText], system="kibana"):
    """The status of Kibana."""

    @property
    def key(self) -> str:
        return "status"


@dataclass(frozen=True, slots=True)
class DeployedObjects(Recordable):
    """Saved objects as Kibana exports them, and those it does not have."""

    text: str
    """One JSON object a line."""
    missing: tuple[tuple[str, str], ...]
    """Type and id."""


@dataclass(frozen=True, slots=True)
class ObjectsQuery(Leaf[DeployedObjects], system="kibana"):
    """Saved objects by type and id."""

    names: tuple[tuple[str, str], ...]

    @property
    def key(self) -> str:
        return f"objects {', '.join('/'.join(each) for each in self.names)}"


@dataclass(frozen=True, slots=True)
class DeployedViews(Recordable):
    """Data views by id, as JSON, with their fields."""

    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ViewsQuery(Leaf[DeployedViews], system="kibana"):
    """Data views by id; missing ones are left out."""

    ids: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"data views {', '.join(self.ids)}"


@dataclass(frozen=True, slots=True)
class ObjectsOf(Dependent[DeployedObjects]):
    """The deployed versions of the repository's objects."""

    objects: Query[Graph]

    def to_leaf(self, objects: Answer[Graph]) -> ObjectsQuery:
        return ObjectsQuery(tuple(objects.evidence.by_key))


@dataclass(frozen=True, slots=True)
class ViewsOf(Dependent[DeployedViews]):
    """The deployed versions of the repository's data views."""

    objects: Query[Graph]

    def to_leaf(self, objects: Answer[Graph]) -> ViewsQuery:
        return ViewsQuery(tuple(objects.evidence.views))
