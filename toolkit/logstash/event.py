"""The event that travels through a pipeline."""

from __future__ import annotations

from typing import Any

from toolkit.logstash.values import Timestamp, Value

__all__ = ["Event", "FieldError"]


class FieldError(Exception):
    """A field reference is illegal, or cannot be written (its parent is no hash)."""


class Event:
    """A log event: the one mutable object of the emulation, as it is in Logstash.

    Everywhere ``reference`` is a field reference: ``a``, ``[a][b]``, ``[@metadata][x]``.
    ``a.b`` is a literal name.
    """

    __slots__ = ("cancelled", "fields", "metadata")

    fields: dict[str, Any]
    metadata: dict[str, Any]
    cancelled: bool

    def __init__(self, fields: dict[str, Any]) -> None:
        """Take ``fields`` (owned from now on); ``@metadata`` in it becomes the metadata.

        Adds ``@version`` "1" where it is missing. ``@timestamp`` must be a `Timestamp`.
        """
        raise NotImplementedError

    def get(self, reference: str) -> Value:
        """Return the value, or None where there is none (or where it is null)."""
        raise NotImplementedError

    def includes(self, reference: str) -> bool:
        """Whether the field is there, be it null."""
        raise NotImplementedError

    def set(self, reference: str, value: Value) -> None:
        """Put a value, making parents; `FieldError` under a scalar; nothing under an array."""
        raise NotImplementedError

    def remove(self, reference: str) -> Value:
        """Take the field away and return what it held, or None."""
        raise NotImplementedError

    def tag(self, name: str) -> None:
        """Add a tag unless it is there, with what Logstash makes of odd ``tags``."""
        raise NotImplementedError

    @property
    def timestamp(self) -> Timestamp | None:
        """The event's ``@timestamp``."""
        raise NotImplementedError

    @timestamp.setter
    def timestamp(self, value: Timestamp) -> None:
        raise NotImplementedError

    def sprintf(self, template: str) -> str:
        """Fill ``%{field}``, ``%{+joda}``, ``%{{java.time}}`` in; see semantics of sprintf."""
        raise NotImplementedError

    def clone(self) -> Event:
        """Return a deep copy, metadata included."""
        raise NotImplementedError

    def to_dict(self, *, metadata: bool = False) -> dict[str, Any]:
        """Return a deep copy of the fields as JSON values (timestamps and decimals printed)."""
        raise NotImplementedError
