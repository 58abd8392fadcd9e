"""The errors of an expression, and of a match."""

from __future__ import annotations


class RegexError(ValueError):
    """Ruby refuses the expression, or (``unsupported``) no engine here can run it.

    ``start`` and ``end`` are offsets in the expression.
    """

    def __init__(self, message: str, start: int, end: int, *, unsupported: bool = False) -> None:
        super().__init__(message)
        self.message, self.start, self.end, self.unsupported = message, start, end, unsupported


class Untranslatable(Exception):
    """The standard library's engine would give the expression another meaning."""


class RegexTimeout(Exception):
    """The deadline of a match has passed."""

    pattern: str = ""
    """The expression, if it is known."""
