"""Matching with pygrok, for comparison with an independent implementation.

pygrok 1.0.0 has the legacy patterns only, accepts names of word characters only, converts
with Python's `int` and `float`, and keeps the last of repeated fields.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from typing import Any


class PygrokError(ValueError):
    """pygrok cannot compile the expression, or fails on the line."""


class PygrokMatcher:
    """An expression compiled by pygrok, with additional pattern definitions."""

    def __init__(self, expression: str, definitions: Mapping[str, str] | None = None) -> None:
        """Compile, or raise `PygrokError`."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pygrok import Grok

        try:
            self._grok = Grok(expression, custom_patterns=dict(definitions or {}))
        except KeyError as error:
            raise PygrokError(f"pygrok has no pattern {error}") from error
        except Exception as error:
            raise PygrokError(f"pygrok cannot compile it: {error}") from error
        unread = re.search(r"%\{[^}]*\}", self._grok.regex_obj.pattern)
        if unread is not None:
            raise PygrokError(f"pygrok does not read `{unread[0]}`")

    def match(self, line: str) -> dict[str, Any] | None:
        """Return the captures, None for groups that took no part; or None for no match.

        >>> PygrokMatcher("%{WORD:verb} %{NUMBER:n:int}").match("GET 200")
        {'verb': 'GET', 'n': 200}
        """
        try:
            captures: dict[str, Any] | None = self._grok.match(line)
        except ValueError as error:
            raise PygrokError(f"pygrok fails on the line: {error}") from error
        return captures
