"""A place in the text that is being parsed, and what has been passed to get there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn

from toolkit.errors import Unsupported
from toolkit.logstash.config.faults import Fault, Span, SyntaxFault
from toolkit.logstash.config.meaning import Meaning
from toolkit.logstash.config.sources import Sources

MAX_DEPTH = 100
"""How many brackets may be open at once, so that no walk over the tree runs out of stack."""

SPACE = r"(?:[ \t\r\n]++|#[^\r\n]*+(?:\r?\n|\Z))*+"
"""What the grammar calls ``cs``: white space and comments, as a regular expression."""
_SPACE = re.compile(SPACE)


@dataclass(frozen=True, slots=True)
class Bracket:
    """An opening bracket, and the construct it belongs to."""

    construct: str
    """Such as ``filter section`` or ``array``."""
    start: int
    """Where the construct begins."""
    at: int
    """Where the bracket stands."""


class Cursor:
    """Reads tokens off a text; remembers brackets and strings, for the sake of messages."""

    def __init__(self, sources: Sources, meaning: Meaning | None = None) -> None:
        self.sources = sources
        self.meaning = meaning or Meaning()
        self.text = sources.text
        self.position = 0
        self.opened: list[Bracket] = []
        self.closed: list[tuple[Bracket, int]] = []
        """Brackets that have found their counterparts, and the offsets of those."""
        self.strings: list[Span] = []
        self.chains: list[Span] = []
        """Conditions that chain ``xor`` or ``nand``; the tree does not show it."""
        self.checkpoint = 0
        """Where the last complete plugin section ends."""
        self.operands = 0
        """How many operands the condition being read has so far."""
        self.in_condition = False

    def skip(self) -> None:
        """Pass what the grammar calls ``cs``: comments and white space."""
        space = _SPACE.match(self.text, self.position)
        assert space is not None
        self.position = space.end()

    def sees(self, literal: str) -> bool:
        """Whether ``literal`` comes next."""
        return self.text.startswith(literal, self.position)

    def accept(self, literal: str) -> bool:
        """Pass ``literal`` if it comes next."""
        if not self.sees(literal):
            return False
        self.position += len(literal)
        return True

    def take(self, pattern: re.Pattern[str]) -> str | None:
        """Pass what ``pattern`` matches here and return it."""
        match = pattern.match(self.text, self.position)
        if match is None:
            return None
        self.position = match.end()
        return match.group()

    def expect(self, literal: str, wanted: str) -> None:
        """Pass ``literal``, or fail."""
        if not self.accept(literal):
            self.fail(wanted)

    def fail(self, wanted: str, at: int | None = None) -> NoReturn:
        """Say that ``wanted`` does not stand here."""
        raise SyntaxFault(wanted, self.position if at is None else at)

    @contextmanager
    def inside(self, construct: str, start: int, brackets: str, wanted: str) -> Iterator[None]:
        """Pass an opening bracket, then what it encloses, then the closing one.

        ``wanted`` is what stands before the closing bracket, if anything. After a fault
        the bracket stays among the opened ones, so that the message can speak of it.
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
        return Fault(
            what=f"more than {MAX_DEPTH} brackets are open at once",
            span=(at, at + 1),
            why="the toolkit does not follow brackets any deeper",
            fix="close brackets that were forgotten, or flatten the configuration.",
            marks=(("the outermost", (self.opened[0].at, self.opened[0].at + 1)),),
        )
