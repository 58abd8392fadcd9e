"""Ruby's regular expressions (Onigmo/Joni, Ruby syntax), as Logstash uses them.

Used by grok, conditions (``=~``), mutate gsub, kv, translate, prune. Patterns are parsed
into a tree of their own and printed for an engine that keeps their meaning: the standard
library's wherever it does, else a backtracking machine that keeps all of it.
"""

from __future__ import annotations

from functools import lru_cache

from toolkit.languages.ruby_regex.errors import RegexError, RegexTimeout
from toolkit.languages.ruby_regex.match import Match
from toolkit.languages.ruby_regex.parser import parse
from toolkit.languages.ruby_regex.regex import ENGINES, Regex
from toolkit.languages.ruby_regex.scanner import RegexFlags

__all__ = ["ENGINES", "Match", "Regex", "RegexError", "RegexTimeout", "compile"]


def compile(  # noqa: A001
    pattern: str, *, engine: str | None = None, dotall: bool = False
) -> Regex:
    r"""Compile ``pattern``.

    Args:
        pattern: An expression in Ruby's syntax, without slashes.
        engine: One of `ENGINES`, to compare them; by default the fastest that is exact.
        dotall: The dot matches a newline too, as in grok.

    Raises:
        RegexError: Ruby refuses the pattern; with Ruby's message and the place of the error.

    >>> regex = compile(r"(?<status>\h+)$")
    >>> regex.search("status=1f\n").group("status")
    '1f'
    """
    if engine is not None and engine not in ENGINES:
        raise ValueError(f"unknown engine {engine!r}, not one of {', '.join(ENGINES)}")
    return _compile(pattern, engine, dotall)


@lru_cache(maxsize=1024)
def _compile(pattern: str, engine: str | None, dotall: bool) -> Regex:
    try:
        return Regex(parse(pattern, RegexFlags(dotall=dotall)), engine)
    except RecursionError as error:
        message = "too deep nest level"
        raise RegexError(message, 0, len(pattern), unsupported=True) from error
