"""Ruby's regular expressions (Onigmo/Joni, Ruby syntax), as Logstash uses them.

Used by grok, conditions (``=~``), mutate gsub, kv, translate, prune. Patterns are parsed
into a tree of their own and printed for an engine that keeps their meaning: the standard
library's wherever it does, else a backtracking machine that keeps all of it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from toolkit.logstash.regex.cursor import Flags
from toolkit.logstash.regex.errors import RegexError, RegexTimeout
from toolkit.logstash.regex.expression import ENGINES, Compiled
from toolkit.logstash.regex.parser import parse
from toolkit.logstash.regex.tree import Expression

__all__ = ["ENGINES", "Match", "Regex", "RegexError", "RegexTimeout", "compile"]


class Match(Protocol):
    """Where an expression matched. Groups count from 1; 0 is the whole match.

    A name serves for a group if it is a Python identifier and names no other group;
    `Regex.names` has the numbers of all.
    """

    def span(self, group: int | str = 0) -> tuple[int, int]:
        """Character offsets, or (-1, -1) where the group took no part."""
        ...

    def group(self, group: int | str = 0) -> str | None:
        """The text, or None where the group took no part."""
        ...


class Regex(Protocol):
    """A compiled expression."""

    @property
    def tree(self) -> Expression:
        """What was read."""
        ...

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


def compile(  # noqa: A001
    pattern: str, *, engine: str | None = None, dotall: bool = False
) -> Regex:
    r"""Compile ``pattern``, or raise `RegexError` saying what Ruby would say and where.

    ``dotall`` lets the dot match a newline, as grok asks for. ``engine`` is one of `ENGINES`,
    for those who want to compare them.

    >>> regex = compile(r"(?<status>\h+)$")
    >>> regex.search("status=1f\n").group("status")
    '1f'
    """
    if engine is not None and engine not in ENGINES:
        raise ValueError(f"no engine is called {engine!r}: {', '.join(ENGINES)}")
    return _compile(pattern, engine, dotall)


@lru_cache(maxsize=1024)
def _compile(pattern: str, engine: str | None, dotall: bool) -> Compiled:
    try:
        return Compiled(parse(pattern, Flags(dotall=dotall)), engine)
    except RecursionError as error:
        message = "too deep nest level"
        raise RegexError(message, 0, len(pattern), unsupported=True) from error
