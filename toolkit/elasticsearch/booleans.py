"""Boolean fields: ``true``, ``false``, the same as strings, and ``""`` for false."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.elasticsearch.values import MalformedValue, spell


@dataclass(frozen=True, slots=True)
class Boolean:
    """The type ``boolean``."""

    kept: bool = True
    """True if it is indexed, stored or has doc values: otherwise no value is read."""

    def read(self, value: Any) -> bool | None:
        """Return the stored boolean; raise `MalformedValue`, for 0 and 1 as well."""
        if value is None or not self.kept:
            return None
        if isinstance(value, bool):
            return value
        if not isinstance(value, str):
            raise MalformedValue(f"the number {spell(value)} is not of boolean type")
        if value not in ("true", "false", ""):
            raise MalformedValue(
                f"Failed to parse value [{value}] as only [true] or [false] are allowed."
            )
        return value == "true"

    def show(self, values: Sequence[Any]) -> list[Any]:
        """Return the doc values: sorted, duplicates kept."""
        return sorted(values)
