"""The fields that the elements of a format read from a text."""

from __future__ import annotations

from dataclasses import dataclass, field


class Mismatch(Exception):
    """The text does not fit the format, or its fields contradict each other."""


@dataclass(slots=True)
class Parsed:
    """Fields by name, such as ``year`` or ``hour``, and a zone."""

    fields: dict[str, int] = field(default_factory=dict)
    zone: str | int | None = None
    """The id of a zone, or an offset in seconds."""

    def put(self, name: str, value: int) -> None:
        """Set a field; raises `Mismatch` if it already has another value."""
        if self.fields.setdefault(name, value) != value:
            raise Mismatch(f"{name} is both {self.fields[name]} and {value}")

    def copy(self) -> Parsed:
        """Return the same fields, free to be changed."""
        return Parsed(dict(self.fields), self.zone)

    def take(self, other: Parsed) -> None:
        """Become equal to ``other``."""
        self.fields, self.zone = other.fields, other.zone
