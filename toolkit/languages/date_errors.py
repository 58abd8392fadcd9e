"""The error that all date formats share."""

from __future__ import annotations


class FormatError(ValueError):
    """A date format that Java refuses; ``start`` and ``end`` are offsets in it."""

    def __init__(self, message: str, start: int = 0, end: int | None = None) -> None:
        super().__init__(message)
        self.start, self.end = start, end
