"""What pygrok makes of an expression and a line: a second opinion, by other hands.

pygrok 1.0.0 knows the legacy patterns only, takes names of word characters only, converts
with Python's `int` and `float`, and keeps the last of repeated fields.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from typing import Any


class NoOpinion(ValueError):
    """pygrok cannot read the expression, or stumbles over the line."""


class SecondOpinion:
    """An expression as pygrok compiles it, with further pattern definitions if need be."""

    def __init__(self, expression: str, definitions: Mapping[str, str] | None = None) -> None:
        """Compile, or raise `NoOpinion`."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pygrok import Grok

        try:
            self._grok = Grok(expression, custom_patterns=dict(definitions or {}))
        except KeyError as error:
            raise NoOpinion(f"pygrok has no pattern {error}") from error
        except Exception as error:
            raise NoOpinion(f"pygrok cannot compile it: {error}") from error
        unread = re.search(r"%\{[^}]*\}", self._grok.regex_obj.pattern)
        if unread is not None:
            raise NoOpinion(f"pygrok does not read `{unread[0]}`")

    def match(self, line: str) -> dict[str, Any] | None:
        """Return the captures, None for groups that took no part; or None for no match.

        >>> SecondOpinion("%{WORD:verb} %{NUMBER:n:int}").match("GET 200")
        {'verb': 'GET', 'n': 200}
        """
        try:
            captures: dict[str, Any] | None = self._grok.match(line)
        except ValueError as error:
            raise NoOpinion(f"pygrok fails on the line: {error}") from error
        return captures
