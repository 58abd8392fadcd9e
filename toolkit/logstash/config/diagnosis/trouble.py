"""A syntax fault, and views of the text around it that reveal its cause."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import TypeAlias

from toolkit.logstash.config.cursor import Bracket, Cursor
from toolkit.logstash.config.faults import Fault, Span, SyntaxFault

_TOKEN = re.compile(r"[\w@.-]+|=>|->|[=<>!&|~:+*;/-]+|.", re.DOTALL)
_WORD_BEFORE = re.compile(r"([\w.-]+)\s*\Z")


class Trouble:
    """The offset at which the parser stopped, and the construct it expected."""

    def __init__(self, cursor: Cursor, fault: SyntaxFault) -> None:
        self.cursor = cursor
        self.text = cursor.text
        self.wanted = fault.wanted
        self.at = fault.at

    @cached_property
    def here(self) -> str:
        """The token at which the parser stopped; empty at the end of the text."""
        match = _TOKEN.match(self.text, self.at)
        return match.group() if match else ""

    @property
    def span(self) -> Span:
        """The span of that token."""
        return self.at, self.at + max(1, len(self.here))

    @cached_property
    def before(self) -> tuple[str, Span]:
        """The word or string before the token, on any line, and its span."""
        if self.last_string:
            first_line = self.text[slice(*self.last_string)].split("\n", 1)[0]
            return first_line, self.last_string
        match = _WORD_BEFORE.search(self.text, max(0, self.at - 200), self.at)
        return (match[1], match.span(1)) if match else ("", (self.at, self.at))

    @property
    def glued(self) -> bool:
        """True if there is no blank before the token."""
        return self.at > 0 and not self.text[self.at - 1].isspace()

    @property
    def inner(self) -> Bracket | None:
        """The innermost bracket that is open."""
        return self.cursor.opened[-1] if self.cursor.opened else None

    @property
    def construct(self) -> str:
        """The construct of the innermost open bracket; empty between sections."""
        return self.inner.construct if self.inner else ""

    @property
    def last_string(self) -> Span | None:
        """The span of the string before the token, with only blanks between."""
        strings = self.cursor.strings
        if strings and not self.text[strings[-1][1] : self.at].strip():
            return strings[-1]
        return None

    def line_indent(self, at: int) -> int:
        """Return the indentation of the line of ``at``, in characters."""
        line = self.text[self.line_start(at) :].split("\n", 1)[0]
        return len(line) - len(line.lstrip())

    def line_start(self, at: int) -> int:
        """Return the offset of the line of ``at``."""
        return self.text.rfind("\n", 0, at) + 1

    def leads_its_line(self, at: int) -> bool:
        """Return True if there are only blanks before ``at`` on its line."""
        return not self.text[self.line_start(at) : at].strip()


Recogniser: TypeAlias = Callable[[Trouble], "Fault | None"]
