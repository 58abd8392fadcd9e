"""What can be wrong with an expression, or with a match."""

from __future__ import annotations


class RegexError(ValueError):
    """The expression is one that Ruby refuses (or that no engine here can keep).

    ``start``/``end`` are offsets in the expression; ``unsupported`` tells the second kind.
    """

    def __init__(self, message: str, start: int, end: int, *, unsupported: bool = False) -> None:
        super().__init__(message)
        self.message, self.start, self.end, self.unsupported = message, start, end, unsupported


class Untranslatable(Exception):
    """The standard library's engine would give the expression another meaning."""


class RegexTimeout(Exception):
    """The match was given up at its deadline."""
