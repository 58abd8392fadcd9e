"""Ruby's regular expressions (Onigmo/Joni, Ruby syntax), as Logstash uses them.

Used by grok, conditions (``=~``), mutate gsub, kv, translate, prune. Patterns are parsed
into a tree of their own and printed for an engine that keeps their meaning.
"""

from __future__ import annotations

import re
from typing import Protocol

from toolkit.logstash.regex.first import translate

__all__ = ["Match", "Regex", "RegexError", "RegexTimeout", "compile"]


class RegexError(ValueError):
    """The expression is one that Ruby refuses (or that no engine here can keep).

    ``start``/``end`` are offsets in the expression; ``unsupported`` tells the second kind.
    """

    def __init__(self, message: str, start: int, end: int, *, unsupported: bool = False) -> None:
        super().__init__(message)
        self.message, self.start, self.end, self.unsupported = message, start, end, unsupported


class RegexTimeout(Exception):
    """The match was given up at its deadline."""


class Match(Protocol):
    """Where an expression matched. Groups count from 1; 0 is the whole match."""

    def span(self, group: int | str = 0) -> tuple[int, int]:
        """Character offsets, or (-1, -1) where the group took no part."""
        ...

    def group(self, group: int | str = 0) -> str | None:
        """The text, or None where the group took no part."""
        ...


class Regex(Protocol):
    """A compiled expression."""

    @property
    def names(self) -> tuple[tuple[str, int], ...]:
        """Each named group and its number, in order of the number (names may repeat)."""
        ...

    @property
    def groups(self) -> int:
        """How many groups there are."""
        ...

    def search(self, text: str, start: int = 0, *, deadline: float | None = None) -> Match | None:
        """Find the first match from ``start``; `RegexTimeout` after ``deadline`` seconds."""
        ...


class _Native:
    """A compiled expression of the standard library, with the names kept aside."""

    def __init__(self, native: re.Pattern[str], names: tuple[tuple[str, int], ...]) -> None:
        self._native, self.names = native, names
        self.groups = native.groups

    def search(self, text: str, start: int = 0, *, deadline: float | None = None) -> Match | None:
        return self._native.search(text, start)


def compile(  # noqa: A001
    pattern: str, *, engine: str | None = None, dotall: bool = False
) -> Regex:
    """Compile ``pattern``, or raise `RegexError` saying what Ruby would say and where.

    ``dotall`` lets the dot match a newline, as grok asks for.
    """
    translated, names = translate(pattern)
    try:
        native = re.compile(translated, re.MULTILINE | (re.DOTALL if dotall else 0))
    except (re.error, RecursionError, OverflowError) as error:
        raise RegexError(str(error), 0, len(pattern)) from error
    return _Native(native, names)
