"""The position of the parser in a text, with the brackets and strings before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn

from toolkit.errors import Unsupported
from toolkit.logstash.config.faults import Fault, FaultTexts, Span, SyntaxFault
from toolkit.logstash.config.meaning import Meaning
from toolkit.logstash.config.sources import Sources

_fault = FaultTexts(__package__)
MAX_DEPTH = 100
"""Maximum depth of nested brackets, so that no walk over the tree exceeds the stack."""

SPACE = r"(?:[ \t\r\n]++|#[^\r\n]*+(?:\r?\n|\Z))*+"
"""The rule ``cs`` of the grammar, white space and comments, as a regular expression."""
_SPACE = re.compile(SPACE)


@dataclass(frozen=True, slots=True)
class Bracket:
    """An opening bracket, and the construct it belongs to."""

    construct: str
    """Such as ``filter section`` or ``array``."""
    start: int
    """Offset of the construct."""
    at: int
    """Offset of the bracket."""


class Cursor:
    """Reads tokens from a text; records brackets and strings for error messages."""

    def __init__(self, sources: Sources, meaning: Meaning | None = None) -> None:
        self.sources = sources
        self.meaning = meaning or Meaning()
        self.text = sources.text
        self.position = 0
        self.opened: list[Bracket] = []
        self.closed: list[tuple[Bracket, int]] = []
        """Closed brackets, and the offsets of their counterparts."""
        self.strings: list[Span] = []
        self.chains: list[Span] = []
        """Conditions that combine ``xor`` or ``nand`` with others; the tree does not show it."""
        self.checkpoint = 0
        """End of the last complete plugin section."""
        self.operands = 0
        """Number of operands of the condition being read so far."""
        self.in_condition = False

    def skip(self) -> None:
        """Skip ``cs``: comments and white space."""
        space = _SPACE.match(self.text, self.position)
        assert space is not None
        self.position = space.end()

    def sees(self, literal: str) -> bool:
        """Return True if ``literal`` is next."""
        return self.text.startswith(literal, self.position)

    def accept(self, literal: str) -> bool:
        """Consume ``literal`` if it is next."""
        if not self.sees(literal):
            return False
        self.position += len(literal)
        return True

    def take(self, pattern: re.Pattern[str]) -> str | None:
        """Consume and return what ``pattern`` matches here."""
        match = pattern.match(self.text, self.position)
        if match is None:
            return None
        self.position = match.end()
        return match.group()

    def expect(self, literal: str, wanted: str) -> None:
        """Consume ``literal``, or fail."""
        if not self.accept(literal):
            self.fail(wanted)

    def fail(self, wanted: str, at: int | None = None) -> NoReturn:
        """Raise `SyntaxFault`: ``wanted`` is missing here."""
        raise SyntaxFault(wanted, self.position if at is None else at)

    @contextmanager
    def inside(self, construct: str, start: int, brackets: str, wanted: str) -> Iterator[None]:
        """Consume an opening bracket, then what it encloses, then the closing one.

        After a fault the bracket stays among the opened ones, so that the message can name it.

        Args:
            construct: The construct that it belongs to, such as ``array``.
            start: Offset of the construct.
            brackets: The opening and the closing bracket.
            wanted: What may precede the closing bracket, for the message if it is missing.

        Raises:
            SyntaxFault: A bracket is missing.
            Unsupported: Brackets are nested too deeply.
        """
        self.expect(brackets[0], "block")
        bracket = Bracket(construct, start, self.position - 1)
        self.opened.append(bracket)
        if len(self.opened) > MAX_DEPTH:
            raise Unsupported(self._too_deep().finding(self.sources))
        self.skip()
        yield
        self.skip()
        self.expect(brackets[1], wanted)
        self.closed.append((self.opened.pop(), self.position - 1))

    def _too_deep(self) -> Fault:
        at = self.opened[-1].at
        marks = (("the outermost", (self.opened[0].at, self.opened[0].at + 1)),)
        return _fault("deep-brackets", (at, at + 1), marks, most=MAX_DEPTH)
