r"""The exact message of Logstash's own parser for a syntax error.

Logstash parses with a grammar compiled by Treetop. When that fails it lists the terminals
it tried at the deepest offset it reached, in the order in which it tried them:
``Expected one of … at line L, column C (byte B) after …``. That order is a property of the
grammar as written, with all failed attempts; `parser` decides by looking ahead, and so cannot
reproduce it. Therefore ``grammar.txt`` has the grammar in Treetop's notation, and it is run
here with Treetop's bookkeeping: every rule is tried once at an offset, and a negative lookahead
removes the latest entry from the list, whichever it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class ParseFailure:
    """The offset at which Logstash reports an error, and its message."""

    at: int
    message: str
    """The full message, with the text since the last complete section."""
    summary: str
    """The message with only the last line of that text."""


class _Attempt:
    """An attempt to parse ``text``, and the failures at the deepest offset so far."""

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.position = start
        self.deepest = start
        self.failures: list[str] = []
        self.cache: dict[tuple[str, int], int | None] = {}

    def fail(self, terminal: str) -> bool:
        """Record that ``terminal`` is not here."""
        if self.position > self.deepest:
            self.deepest = self.position
            self.failures = []
        if self.position == self.deepest:
            self.failures.append(terminal)
        return False

    def forget(self) -> None:
        """Remove the latest failure."""
        if self.failures:
            self.failures.pop()


_MAX_LENGTH = 200_000
_Expression: TypeAlias = Callable[[_Attempt], bool]


def report(text: str, start: int = 0) -> ParseFailure | None:
    r"""Return Logstash's report on ``text``, whose sections up to ``start`` are valid.

    None if Logstash would find no error, or if the rest of the text is too long or too deeply
    nested to be parsed.

    >>> report("filter { drop [").message
    'Expected one of [ \\t\\r\\n], "#", "{" at line 1, column 15 (byte 15) after filter { drop '
    """
    if len(text) - start > _MAX_LENGTH:
        return None
    attempt = _Attempt(text, start)
    try:
        _rules()["config"](attempt)
    except RecursionError:
        return None
    if attempt.position == len(text):
        return None
    if attempt.position > attempt.deepest:
        attempt.fail("something other than <END OF INPUT>")
    terminals = list(dict.fromkeys(attempt.failures))
    expected = f"Expected {'one of ' if len(attempt.failures) > 1 else ''}{', '.join(terminals)}"
    after = text[attempt.position : attempt.deepest]
    message = f"{expected} at {_place(text, attempt.deepest)}"
    if attempt.deepest == 0:
        return ParseFailure(0, message, message)
    *earlier, last = after.split("\n")
    tail = f"… {last.strip()}" if earlier else last
    return ParseFailure(
        attempt.deepest, f"{message} after {after}", f"{message} after {tail}".rstrip()
    )


def _place(text: str, at: int) -> str:
    line = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1) + 1
    return f"line {line}, column {column} (byte {at + 1})"


@cache
def _rules() -> Mapping[str, _Expression]:
    rules: dict[str, _Expression] = {}
    grammar = resources.files(__package__).joinpath("grammar.txt").read_text("ascii")
    for line in grammar.splitlines():
        name, _, definition = line.partition(": ")
        rules[name] = _named(name, _Notation(definition, rules).choice())
    return rules


_TOKEN = re.compile(
    r"""(?P<rule>[a-z_]+)|(?P<mark>[/()*+?!])|(?P<terminal>\.
    |\[(?:\\.|[^]])*\]|"(?:\\.|[^"])*"|'(?:\\.|[^'])*')""",
    re.VERBOSE,
)


class _Notation:
    """Reads the definition of a rule in Treetop's notation."""

    def __init__(self, definition: str, rules: Mapping[str, _Expression]) -> None:
        self._tokens = [*_TOKEN.finditer(definition)]
        self._rules = rules

    def choice(self) -> _Expression:
        alternatives = [self._sequence()]
        while self._accept("/"):
            alternatives.append(self._sequence())
        return lambda attempt: any(parse(attempt) for parse in alternatives)

    def _accept(self, mark: str) -> bool:
        found = bool(self._tokens) and self._tokens[0]["mark"] == mark
        del self._tokens[:found]
        return found

    def _sequence(self) -> _Expression:
        parts = []
        while self._tokens and self._tokens[0][0] not in ("/", ")"):
            parts.append(self._repeated(self._part()))
        return _sequence(parts)

    def _repeated(self, part: _Expression) -> _Expression:
        if self._accept("?"):
            return lambda attempt: part(attempt) or True
        if self._accept("*"):
            return _repeated(part, minimum=0)
        return _repeated(part, minimum=1) if self._accept("+") else part

    def _part(self) -> _Expression:
        if self._accept("("):
            part = self.choice()
            self._accept(")")
            return part
        if self._accept("!"):
            return _not(self._tokens.pop(0)[0])
        token = self._tokens.pop(0)
        return _terminal(token[0]) if token["terminal"] else self._rule(token[0])

    def _rule(self, name: str) -> _Expression:
        return lambda attempt: self._rules[name](attempt)


def _terminal(written: str) -> _Expression:
    """Parse a literal, a character class or ``.``; messages show it as written."""
    match = re.compile(_pattern(written), re.DOTALL).match
    shown = _shown(written)

    def parse(attempt: _Attempt) -> bool:
        found = match(attempt.text, attempt.position)
        if found is None:
            return attempt.fail(shown)
        attempt.position = found.end()
        return True

    return parse


def _pattern(written: str) -> str:
    match written[0]:
        case '"':
            return re.escape(written[1:-1].encode().decode("unicode_escape"))
        case "'":
            return re.escape(written[1:-1])
        case _:
            return written


def _not(written: str) -> _Expression:
    terminal = _terminal(written)

    def parse(attempt: _Attempt) -> bool:
        start = attempt.position
        if terminal(attempt):
            attempt.position = start
            return attempt.fail(f"something other than {_shown(written)}")
        attempt.forget()
        return True

    return parse


def _shown(written: str) -> str:
    return "any character" if written == "." else written


def _sequence(parts: Sequence[_Expression]) -> _Expression:
    def parse(attempt: _Attempt) -> bool:
        start = attempt.position
        for part in parts:
            if not part(attempt):
                attempt.position = start
                return False
        return True

    return parse


def _repeated(part: _Expression, minimum: int) -> _Expression:
    def parse(attempt: _Attempt) -> bool:
        count = 0
        while part(attempt):
            count += 1
        return count >= minimum

    return parse


def _named(name: str, part: _Expression) -> _Expression:
    """Parse a rule: its result at an offset is cached, and its failures are not recorded again."""

    def parse(attempt: _Attempt) -> bool:
        key = (name, attempt.position)
        if key not in attempt.cache:
            attempt.cache[key] = attempt.position if part(attempt) else None
        end = attempt.cache[key]
        if end is not None:
            attempt.position = end
        return end is not None

    return parse
