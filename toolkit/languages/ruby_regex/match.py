"""The interface that both engines have in common."""

from __future__ import annotations

from typing import Protocol


class Match(Protocol):
    """A match. Groups count from 1; 0 is the whole match.

    A group can be given by its name if that is a Python identifier and names no other group;
    `Regex.names` has the numbers of all.
    """

    def span(self, group: int | str = 0, /) -> tuple[int, int]:
        """Return character offsets, or (-1, -1) if the group took no part."""
        ...

    def group(self, group: int | str = 0, /) -> str | None:
        """Return the text, or None if the group took no part."""
        ...

    def groups(self) -> tuple[str | None, ...]:
        """Return the texts of all groups, the first being group 1."""
        ...


class Native(Protocol):
    """A compiled expression of the standard library, as far as it is used here."""

    def search(self, text: str, start: int = 0, /) -> Match | None:
        """Find the first match from ``start``."""
        ...
