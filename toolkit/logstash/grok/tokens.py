"""The tokens of a grok expression: ``%{SYNTAX}``, ``%{SYNTAX:semantic}``, ``%{SYNTAX=regex}``.

As jls-grok 0.11.5 parses them, with surprises: a token is found by searching, so unexpected
text before ``}`` is ignored, and ``[A-z]`` includes ``[ ] ^ _``, the backslash and the backtick.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from toolkit.languages import ruby_regex

_TOKEN = re.compile(
    r"%\{(?P<name>(?P<syntax>[A-z0-9]+)(?::(?P<semantic>[@\[\]A-z0-9_:.-]+))?)(?P<defines>=)?[^}]*\}"
)
# Nested braces need recursion, which `re` lacks; a backslash may take in the rest of the line.
_DEFINITION = (
    r"\A%\{[A-z0-9]+(?::[@\[\]A-z0-9_:.-]+)?="
    r"(?<definition>(?:(?:[^{}\\]+|\\.+)+|(?<braces>\{(?:(?>[^{}]+|\\[{}])+|\g<braces>)*\})+)+)"
    r"[^}]*\}"
)


@dataclass(frozen=True, slots=True)
class Token:
    """One ``%{...}`` and its span in the text."""

    start: int
    end: int
    name: str
    """The name of the capture group: the syntax, with a colon and the semantic if any."""
    syntax: str
    """The name of the pattern."""
    semantic: str | None
    """The name of the field, and a type: ``status:int``."""
    definition: str | None
    """The regex of an inline definition, which applies from here on."""


def next_token(text: str, start: int = 0) -> Token | None:
    r"""Find the first token at or after ``start``.

    >>> next_token("a %{WORD:who} b").name, next_token("%{WORD :who}").name
    ('WORD:who', 'WORD')
    >>> next_token("%{ WORD}") is None, next_token(r"%{A:a=\d{2}}").definition
    (True, '\\d{2}')
    """
    found = _TOKEN.search(text, start)
    if found is None:
        return None
    end, definition = found.end(), None
    if found["defines"]:
        inline = _inline().search(text[found.start() :])
        if inline is not None:
            end = found.start() + inline.span()[1]
            definition = inline.group("definition")
    return Token(found.start(), end, found["name"], found["syntax"], found["semantic"], definition)


@cache
def _inline() -> ruby_regex.Regex:
    return ruby_regex.compile(_DEFINITION)
