"""Field capabilities of Elasticsearch: the types of the fields behind data views."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from toolkit.evidence.kibana.saved_objects import field_statements, shown_views
from toolkit.kibana.graph import Graph
from toolkit.kibana.readings import FieldRead
from toolkit.model.queries import Answer, Dependent, Leaf, Query, Recordable


@dataclass(frozen=True, slots=True)
class FieldCapsTexts(Recordable):
    """The responses by index pattern, as JSON."""

    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FieldCaps(Leaf[FieldCapsTexts], system="elasticsearch"):
    """The types of fields in the indices of each of some patterns."""

    patterns: tuple[str, ...]
    """Lists of globs, as data views contain them."""
    fields: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"field capabilities of {' and '.join(self.patterns)}: {', '.join(self.fields)}"


@dataclass(frozen=True, slots=True)
class FieldCapsOf(Dependent[FieldCapsTexts]):
    """The fields that the repository's panels read, behind each of their data views."""

    objects: Query[Graph]

    def to_leaf(self, objects: Answer[Graph]) -> FieldCaps:
        statements = field_statements(objects.evidence)
        views = shown_views(objects.evidence.views.values(), statements)
        asked = {view.title: None for view in views if view.title and not view.is_remote()}
        fields = {
            name: None
            for each in statements
            if isinstance(each.content, FieldRead)
            for name in _with_parents(each.content.field)
        }
        return FieldCaps(tuple(asked), tuple(fields))


def _with_parents(name: str) -> Iterator[str]:
    """Yield the field, and its possible parents of the type flattened."""
    parts = name.split(".")
    return (".".join(parts[:end]) for end in range(1, len(parts) + 1))
