"""A stretch of a file that holds an expression, in which words can be found again."""

from __future__ import annotations

import re
from dataclasses import dataclass

from toolkit.findings import Location


@dataclass(frozen=True, slots=True)
class Passage:
    """Where an expression stands: from a line and column on, over some lines."""

    source: str
    first: int
    """The number of its first line, counted from 1."""
    column: int
    """Where it begins in that line, counted from 1."""
    lines: tuple[str, ...]
    """The whole lines it fills, as they stand in the file."""
    end: int | None = None
    """The column behind it in its only line, where more follows there."""

    @property
    def where(self) -> Location:
        """The place of its first line."""
        line = self.lines[0] if self.lines else ""
        width = max(1, (self.end or len(line) + 1) - self.column)
        return Location(self.source, self.first, self.column, line, width)

    def locate(self, word: str) -> Location:
        """The place of ``word`` within it, or its own."""
        whole = re.compile(rf"(?<![\w:]){re.escape(word)}(?![\w:])")
        for offset, line in enumerate(self.lines):
            start = self.column - 1 if offset == 0 else 0
            found = whole.search(line, start, (self.end or len(line) + 1) - 1)
            if word and found:
                at = found.start() + 1
                return Location(self.source, self.first + offset, at, line, len(word))
        return self.where
