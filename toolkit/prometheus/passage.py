"""The passage of a file with an expression, in which words are located."""

from __future__ import annotations

import re
from dataclasses import dataclass

from toolkit.findings import Location


@dataclass(frozen=True, slots=True)
class Passage:
    """The place of an expression, over one or several lines."""

    source: str
    first: int
    """The number of its first line, from 1."""
    column: int
    """Its first column in that line, from 1."""
    lines: tuple[str, ...]
    """The whole lines, as in the file."""
    end: int | None = None
    """The column after its end in a single line; None for the end of the line."""

    @property
    def where(self) -> Location:
        """The place of its first line."""
        line = self.lines[0] if self.lines else ""
        width = max(1, (self.end or len(line) + 1) - self.column)
        return Location(self.source, self.first, self.column, line, width)

    def locate(self, word: str) -> Location:
        """Return the place of ``word`` in it, or its own."""
        whole = re.compile(rf"(?<![\w:]){re.escape(word)}(?![\w:])")
        for offset, line in enumerate(self.lines):
            start = self.column - 1 if offset == 0 else 0
            found = whole.search(line, start, (self.end or len(line) + 1) - 1)
            if word and found:
                at = found.start() + 1
                return Location(self.source, self.first + offset, at, line, len(word))
        return self.where
