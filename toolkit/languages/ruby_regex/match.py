"""What a caller sees of a compiled expression, whichever engine serves it."""

from __future__ import annotations

from typing import Protocol


class Match(Protocol):
    """Where an expression matched. Groups count from 1; 0 is the whole match.

    A name serves for a group if it is a Python identifier and names no other group;
    `Regex.names` has the numbers of all.
    """

    def span(self, group: int | str = 0, /) -> tuple[int, int]:
        """Character offsets, or (-1, -1) where the group took no part."""
        ...

    def group(self, group: int | str = 0, /) -> str | None:
        """The text, or None where the group took no part."""
        ...

    def groups(self) -> tuple[str | None, ...]:
        """The texts of all groups, the first being group 1."""
        ...


class Native(Protocol):
    """What the standard library makes of an expression, as far as it is asked for."""

    def search(self, text: str, start: int = 0, /) -> Match | None:
        """Find the first match from ``start``."""
        ...
