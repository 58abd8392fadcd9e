"""Ruby's regular expressions (Onigmo/Joni, Ruby syntax), as Logstash uses them.

Used by grok, conditions (``=~``), mutate gsub, kv, translate, prune. Patterns are parsed
into a tree of their own and printed for an engine that keeps their meaning.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from toolkit.logstash.regex.cursor import Flags
from toolkit.logstash.regex.errors import RegexError, RegexTimeout
from toolkit.logstash.regex.expression import Compiled
from toolkit.logstash.regex.parser import parse

__all__ = ["Match", "Regex", "RegexError", "RegexTimeout", "compile"]


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


@lru_cache(maxsize=1024)
def compile(  # noqa: A001
    pattern: str, *, engine: str | None = None, dotall: bool = False
) -> Regex:
    """Compile ``pattern``, or raise `RegexError` saying what Ruby would say and where.

    ``dotall`` lets the dot match a newline, as grok asks for.
    """
    return Compiled(parse(pattern, Flags(dotall=dotall)), engine)
