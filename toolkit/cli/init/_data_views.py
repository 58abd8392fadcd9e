"""Indices and numbers of logs, as the Kibana exports of a repository read them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from toolkit.errors import InputError
from toolkit.kibana.graph import Graph
from toolkit.kibana.objects import SavedObject, parse_saved_objects
from toolkit.kibana.readings import FieldRead, Need
from toolkit.kibana.views import overlap

_INLINE = re.compile(r"\\*\"index_pattern\\*\"\s*:\s*\\*\"([^\"\\,]+)\\*\"")
"""Panels of TSVB name indices instead of a data view."""
_ALIKE = 0.9
"""Names this similar are rather one name, misspelt, than two; the measure of `difflib`."""


@dataclass(frozen=True)
class Exports:
    """Exports, each parsed once; one with faults is left out."""

    texts: Mapping[str, str]
    """By the name of their file."""

    @cached_property
    def _graph(self) -> Graph:
        objects = (each for name, text in self.texts.items() for each in _objects(name, text))
        return Graph(tuple(objects))

    def filled_elsewhere(self, indices: Sequence[str]) -> tuple[str, ...]:
        """Return the patterns of data views that show none of the index patterns."""
        patterns = {p for view in self._graph.views.values() for p in view.patterns}
        patterns |= {p for text in self.texts.values() for p in _INLINE.findall(text)}
        return tuple(
            each
            for each in sorted(patterns)
            if not any(overlap(each, index) or _alike(each, index) for index in indices)
        )

    def calculated_fields(self) -> Mapping[str, str]:
        """Return the fields that panels calculate with, each with the first such panel."""
        found: dict[str, str] = {}
        try:
            for statement in self._graph.statements:
                read = statement.content
                if isinstance(read, FieldRead) and read.need is Need.NUMBER:
                    found.setdefault(read.field, str(statement))
        except InputError:
            pass  # `toolkit verify` reports it; the fields before it count.
        return found


def _objects(name: str, text: str) -> Iterator[SavedObject]:
    try:
        yield from parse_saved_objects(text, name)
    except InputError:
        return


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one.rstrip("-*"), other.rstrip("-*")).ratio() >= _ALIKE
