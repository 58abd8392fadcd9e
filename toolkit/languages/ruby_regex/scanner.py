"""Reading a pattern from left to right."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NoReturn

from toolkit.languages.ruby_regex.errors import RegexError
from toolkit.languages.ruby_regex.preprocess import Preprocessed

DEEPEST = 100
"""The deepest nesting of groups, which the walks over a tree recurse into; Ruby allows more."""

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class RegexFlags:
    r"""The options in force: ``(?mix)``, and which of ``\w [[:x:]] \b`` keep to ASCII."""

    dotall: bool = False
    ignorecase: bool = False
    extended: bool = False
    ascii_types: bool = True
    ascii_brackets: bool = False
    ascii_bounds: bool = False


@dataclass(slots=True)
class Scanner:
    """A position in a pattern, and the groups that were opened before it."""

    source: Preprocessed
    plain_captures: bool = True
    """True if a group without a name captures: it does unless there are names."""
    known: dict[str, list[int]] | None = None
    """The groups of each name in the whole pattern, once it has been read."""
    place: int = 0
    depth: int = 0
    groups: int = 0
    names: list[tuple[str, int]] = field(default_factory=list)
    numbered: tuple[int, int] | None = None
    """The span of the first reference to a group by its number."""
    calls: bool = False
    """True if a group is called by its name."""

    @property
    def text(self) -> str:
        return self.source.text

    @property
    def done(self) -> bool:
        return self.place >= len(self.source.text)

    def peek(self, width: int = 1) -> str:
        """Return the next characters, fewer at the end."""
        return self.source.text[self.place : self.place + width]

    def next(self) -> str:
        """Pass the next character and return it."""
        self.place += 1
        return self.source.text[self.place - 1]

    def take(self, text: str) -> bool:
        """Pass ``text`` if it comes next."""
        if self.source.text.startswith(text, self.place):
            self.place += len(text)
            return True
        return False

    def span(self, start: int) -> tuple[int, int]:
        """Return the span of the pattern from ``start`` to here."""
        return self.source.place(start), self.source.place(min(self.place, len(self.text)))

    def fail(self, message: str, start: int, name: str | None = None) -> NoReturn:
        """Raise `RegexError` for the text from ``start`` on; ``name`` replaces ``%``.

        Args:
            message: Ruby's message.
            start: The offset where the faulty text begins; it ends here.
            name: Replaces ``%`` in the message, with its escapes removed.
        """
        if name is not None:
            message = message.replace("%", _ESCAPED.sub(r"\1", name))
        raise RegexError(message, *self.span(start))

    def open_group(self, name: str | None) -> int:
        """Count a group that begins here; return its number."""
        self.groups += 1
        if name is not None:
            self.names.append((name, self.groups))
        return self.groups

    def numbers_of(self, name: str) -> tuple[int, ...]:
        """Return the groups of that name that were opened so far."""
        return tuple(number for known, number in self.names if known == name)

    def refer_by_number(self, start: int) -> None:
        """Note that the text from ``start`` is a reference by number."""
        self.numbered = self.numbered or self.span(start)

    def skip(self, flags: RegexFlags) -> None:
        """Pass comments, and blanks if the option ``x`` is on."""
        while True:
            if self.take("(?#"):
                self._comment()
            elif flags.extended and self.peek().isspace():
                self.place += 1
            elif flags.extended and self.peek() == "#":
                end = self.text.find("\n", self.place)
                self.place = len(self.text) if end < 0 else end + 1
            else:
                return

    def _comment(self) -> None:
        start = self.place - 3
        while not self.done:
            letter = self.next()
            if letter == "\\":
                self.place += 1
            elif letter == ")":
                return
        self.fail("end pattern in group", start)
