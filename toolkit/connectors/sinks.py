"""Destinations of loaded events, and the account of their results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

from toolkit.evidence.elasticsearch.measures import Row
from toolkit.evidence.logs.lines import Line

_FILE, _NUMBER, _TEXT = 6, 5, 5
"""The bytes of an id for the file, for the line, and for the text."""


def line_id(file: bytes, number: int, text: bytes) -> UUID:
    """Return the id of a line, which is always the same for the same line of the same file.

    The ids of a file ascend with the line numbers.

    Args:
        file: The identity of the file, which is hashed.
        number: The number of the line.
        text: The text of the line, which is hashed.
    """
    hashed = sha256(file).digest()[:_FILE], sha256(text).digest()[:_TEXT]
    return UUID(bytes=hashed[0] + number.to_bytes(_NUMBER) + hashed[1])


def file_of(identity: UUID) -> int:
    """Return the common prefix of the ids of one file."""
    return identity.int >> 8 * (_NUMBER + _TEXT)


@dataclass(frozen=True, slots=True)
class StoreItem:
    """An event on its way into a store."""

    id: UUID
    line: Line
    event: Mapping[str, Any]
    row: Row


@dataclass(slots=True)
class Account:
    """Counts of events by result: ``sent`` is the sum of the others."""

    sent: int = 0
    stored: int = 0
    already: int = 0
    """Were there before, or were stored by a request whose answer was lost."""
    rejected: Counter[str] = field(default_factory=Counter)
    """By the reason the store gives."""
    examples: dict[str, Line] = field(default_factory=dict)
    """The first line that was rejected for each reason."""

    def reject(self, item: StoreItem, reason: str) -> None:
        """Note an event that the store refuses."""
        self.rejected[reason] += 1
        self.examples.setdefault(reason, item.line)

    def __str__(self) -> str:
        parts = [f"stored {self.stored}", f"there already {self.already}"]
        parts.append(f"rejected {self.rejected.total()}")
        return f"sent {self.sent} = {' + '.join(parts)}"


class Sink(Protocol):
    """Takes events, in batches; raises `Unavailable` where it cannot go on."""

    account: Account

    def add(self, items: Sequence[StoreItem]) -> None:
        """Store a batch; what is stored already stays as it is."""

    def close(self) -> None:
        """Make all that was stored visible, and end."""
