"""A compiled expression: which engine serves it, and the guard on its time."""

from __future__ import annotations

import re

from toolkit.logstash.regex.engines import NotKept
from toolkit.logstash.regex.engines.machine import Found, Machine
from toolkit.logstash.regex.engines.program import assemble
from toolkit.logstash.regex.engines.sre import compile_native
from toolkit.logstash.regex.tree import Expression

__all__ = ["Compiled"]


class Compiled:
    """An expression of which each text is matched by the form made for it."""

    def __init__(self, tree: Expression, engine: str | None = None) -> None:
        self.tree, self.groups, self.names = tree, tree.groups, tree.names
        self._engine = engine
        self._ascii = self._native(ascii_only=True)
        self._full: re.Pattern[str] | None = None
        self._full_done = False
        self._steps = None

    def _native(self, *, ascii_only: bool) -> re.Pattern[str] | None:
        if self._engine == "machine":
            return None
        try:
            return compile_native(self.tree, ascii_only=ascii_only)
        except NotKept:
            return None

    def search(self, text: str, start: int = 0, *, deadline: float | None = None):
        if text.isascii():
            native = self._ascii
        else:
            if not self._full_done:
                self._full = self._native(ascii_only=False)
                self._full_done = True
            native = self._full
        if native is not None:
            return native.search(text, start)
        if self._steps is None:
            self._steps = assemble(self.tree)
        machine = Machine(self._steps, text, start, deadline, self.groups)
        for place in range(start, len(text) + 1):
            captures = machine.attempt(place)
            if captures is not None:
                return Found(text, captures, dict(self.names))
        return None
