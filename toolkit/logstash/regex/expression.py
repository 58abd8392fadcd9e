"""A compiled expression: the engine that serves it, and the guard on its time."""

from __future__ import annotations

import re

from toolkit.logstash.regex.engines import NotKept
from toolkit.logstash.regex.engines.sre import compile_native
from toolkit.logstash.regex.errors import RegexError
from toolkit.logstash.regex.tree import Expression

__all__ = ["Compiled"]


class Compiled:
    """An expression of which each text is matched by the form made for it."""

    __slots__ = ("_ascii", "_full", "groups", "names", "tree")

    def __init__(self, tree: Expression) -> None:
        self.tree, self.groups, self.names = tree, tree.groups, tree.names
        self._full: re.Pattern[str] | None = None
        try:
            self._ascii = compile_native(tree, ascii_only=True)
        except NotKept as error:
            raise RegexError(
                f"no engine here keeps it: {error}", 0, len(tree.pattern), unsupported=True
            ) from error

    def search(
        self, text: str, start: int = 0, *, deadline: float | None = None
    ) -> re.Match[str] | None:
        if text.isascii():
            return self._ascii.search(text, start)
        if self._full is None:
            self._full = compile_native(self.tree, ascii_only=False)
        return self._full.search(text, start)
