"""Indices and numbers of logs, as the Kibana exports of a repository read them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from toolkit.errors import InputError
from toolkit.kibana.graph import Graph
from toolkit.kibana.objects import SavedObject, parse_saved_objects
from toolkit.kibana.readings import FieldRead, Need
from toolkit.kibana.views import overlap

_INLINE = re.compile(r"\\*\"index_pattern\\*\"\s*:\s*\\*\"([^\"\\,]+)\\*\"")
"""Panels of TSVB name indices instead of a data view."""
_ALIKE = 0.9
"""Names this similar are rather one name, misspelt, than two; the measure of `difflib`."""


def filled_elsewhere(exports: Mapping[str, str], indices: Sequence[str]) -> tuple[str, ...]:
    """Return the patterns of data views that show none of the indices.

    Args:
        exports: The texts of exports, by the name of their file.
        indices: The index patterns of all logs.
    """
    graph = _graph(exports)
    patterns = {p for view in graph.views.values() for p in view.patterns}
    patterns |= {p for text in exports.values() for p in _INLINE.findall(text)}
    return tuple(
        each
        for each in sorted(patterns)
        if not any(overlap(each, index) or _alike(each, index) for index in indices)
    )


def calculated_fields(exports: Mapping[str, str]) -> Mapping[str, str]:
    """Return the fields that panels calculate with, each with the first such panel."""
    found: dict[str, str] = {}
    try:
        for statement in _graph(exports).statements:
            read = statement.content
            if isinstance(read, FieldRead) and read.need is Need.NUMBER:
                found.setdefault(read.field, str(statement))
    except InputError:
        pass  # `toolkit verify` reports it; the fields before it count.
    return found


def _graph(exports: Mapping[str, str]) -> Graph:
    objects = (each for name, text in exports.items() for each in _objects(name, text))
    return Graph(tuple(objects))


def _objects(name: str, text: str) -> Iterator[SavedObject]:
    try:
        yield from parse_saved_objects(text, name)
    except InputError:
        return


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one.rstrip("-*"), other.rstrip("-*")).ratio() >= _ALIKE
