"""Fields of indices that run, in the form in which those of templates are judged."""

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
    """Those that give it this type; none where all do that have the field."""


FieldTypes: TypeAlias = Mapping[str, Mapping[str, FieldType]]
"""Fields by name, and their types by name."""


def found_indices(title: str, fields: FieldTypes, asked: str) -> Iterator[IndexFields]:
    """The indices behind a data view: one for all, or each that differs from others by itself."""
    differing = dict.fromkeys(
        index for kinds in fields.values() for kind in kinds.values() for index in kind.indices
    )
    for index in differing or {title: None}:
        held = {
            name: kinds for name, all_kinds in fields.items() if (kinds := _in(index, all_kinds))
        }
        # Runtime fields are the part of a mapping that is a flat list of names, as this is.
        mapping = Template(asked, "", (title,), {"runtime": held}, {})
        yield IndexFields(index, title, mapping, frozenset(), None)


def _in(index: str, kinds: Mapping[str, FieldType]) -> dict[str, Any] | None:
    """The definition of a field in one index; None where it has none."""
    for name, kind in kinds.items():
        if not kind.indices or index in kind.indices:
            able = "fielddata" if name in _TEXTS else "doc_values"
            return {"type": name, able: kind.aggregatable}
    return None
