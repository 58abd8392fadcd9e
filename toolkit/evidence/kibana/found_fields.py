"""Fields of running indices, in the form of templates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from toolkit.elasticsearch.templates import Template
from toolkit.evidence.elasticsearch.index_fields import IndexFields

_TEXTS = ("text", "match_only_text", "annotated_text", "semantic_text")


@dataclass(frozen=True, slots=True)
class FieldType:
    """A type of a field."""

    aggregatable: bool = True
    indices: tuple[str, ...] = ()
    """The indices with this type; empty if all that have the field agree."""


FieldTypes: TypeAlias = Mapping[str, Mapping[str, FieldType]]
"""Types by name, by the name of the field."""


def found_indices(title: str, fields: FieldTypes, asked: str) -> Iterator[IndexFields]:
    """Yield the indices behind a data view: one for all, or each one that differs.

    Args:
        title: The patterns of the data view.
        fields: The types of each field.
        asked: The server, as shown in messages.
    """
    differing = dict.fromkeys(
        index for kinds in fields.values() for kind in kinds.values() for index in kind.indices
    )
    for index in differing or {title: None}:
        held = {
            name: kinds for name, all_kinds in fields.items() if (kinds := _in(index, all_kinds))
        }
        # Only runtime fields are a flat list of names in a mapping.
        mapping = Template(asked, "", (title,), {"runtime": held}, {})
        yield IndexFields(index, title, mapping, frozenset(), None)


def _in(index: str, kinds: Mapping[str, FieldType]) -> dict[str, Any] | None:
    """Return the definition of a field in one index; None if it lacks the field."""
    for name, kind in kinds.items():
        if not kind.indices or index in kind.indices:
            able = "fielddata" if name in _TEXTS else "doc_values"
            return {"type": name, able: kind.aggregatable}
    return None
