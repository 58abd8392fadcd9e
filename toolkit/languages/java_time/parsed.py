"""What the elements of a format read from a text, before it means an instant."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Mismatch", "NoInstant", "Parsed"]


class Mismatch(Exception):
    """The text does not fit the format, or names no instant."""


class NoInstant(Mismatch):
    """The text fits, but what it says is no instant: alternatives are not tried."""


@dataclass(slots=True)
class Parsed:
    """Fields by name, such as ``year`` or ``hour``, and a zone."""

    fields: dict[str, int] = field(default_factory=dict)
    zone: str | int | None = None
    """The id of a zone, or an offset in seconds."""

    def put(self, name: str, value: int) -> None:
        """Set a field; raises `Mismatch` if it was read before as something else."""
        if self.fields.setdefault(name, value) != value:
            raise Mismatch(f"{name} is both {self.fields[name]} and {value}")

    def copy(self) -> Parsed:
        """The same fields, free to be changed."""
        return Parsed(dict(self.fields), self.zone)

    def take(self, other: Parsed) -> None:
        """Become what ``other`` is."""
        self.fields, self.zone = other.fields, other.zone
