"""What a field of an index makes of a value: stored, altered, ignored, or rejected.

Held to recordings of Elasticsearch 9.2.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from toolkit.elasticsearch.documents import DynamicIndex


@dataclass(frozen=True, slots=True)
class CoercionOutcome:
    """What became of one value in one field."""

    result: Literal["indexed", "rejected"]
    stored: tuple[Any, ...] | None = None
    """The doc values, as ``docvalue_fields`` shows them; None where there are none."""
    ignored: tuple[str, ...] = ()
    """What ``_ignored`` lists; the field itself is called ``f``."""
    mapped: Mapping[str, Any] | None = None
    """The definition a dynamic field got."""
    error: str = ""
    """The type of the error that rejects the document."""
    reason: str = ""
    """Why, in Elasticsearch's words as far as they carry information."""


def store(value: Any, definition: Mapping[str, Any] | None, *, name: str = "f") -> CoercionOutcome:
    """Put a JSON value into a field with this definition; None maps it dynamically.

    Numbers must be parsed so that ``12`` is an int and ``12.0`` a float, best a `SpelledFloat`.
    Raises `Unsupported` for a field type that is not emulated.

    >>> store("12.9", {"type": "short"}).stored
    (12,)
    >>> store(12.5, None).mapped
    {'type': 'float'}
    """
    leaf = name.rpartition(".")[2]
    index = DynamicIndex({} if definition is None else {"properties": {leaf: definition}})
    outcome = index.index({leaf: value})
    mapped = index.mappings.get("properties", {}).get(leaf) if definition is None else None
    return CoercionOutcome(
        result=outcome.result,
        stored=outcome.stored.get(leaf),
        ignored=tuple(name + path.removeprefix(leaf) for path in outcome.ignored),
        mapped=mapped,
        error=outcome.error,
        reason=outcome.reason,
    )
