"""Coercion of a single value by a field mapping: stored, altered, ignored, or rejected.

Verified against recordings of Elasticsearch 9.2.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from toolkit.elasticsearch.documents import DynamicIndex


@dataclass(frozen=True, slots=True)
class CoercionOutcome:
    """Result of indexing one value into one field."""

    result: Literal["indexed", "rejected"]
    stored: tuple[Any, ...] | None = None
    """The doc values, as ``docvalue_fields`` returns them; None without doc values."""
    ignored: tuple[str, ...] = ()
    """Names in ``_ignored``."""
    mapped: Mapping[str, Any] | None = None
    """The definition a dynamic field got."""
    error: str = ""
    """The type of the error that rejects the document."""
    reason: str = ""
    """The reason of that error, as Elasticsearch words it."""


def store(value: Any, definition: Mapping[str, Any] | None, *, name: str = "f") -> CoercionOutcome:
    """Index a JSON value into one field.

    Args:
        value: The value; ``12`` must be an int and ``12.0`` a float, preferably a `SpelledFloat`.
        definition: The mapping of the field; None maps it dynamically.
        name: The name of the field in the outcome.

    Raises:
        Unsupported: The field type is not emulated.

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
