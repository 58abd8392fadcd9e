r"""What Logstash's own parser says of a syntax error, word for word.

Logstash parses with a grammar compiled by Treetop. When that fails it lists the terminals
it tried at the deepest offset it reached, in the order in which it tried them:
``Expected one of … at line L, column C (byte B) after …``. To repeat this, the grammar is
spelt out here once more, as terminals and combinations of them, and followed with
Treetop's bookkeeping: every named rule is tried once at an offset, and a negative
lookahead takes the latest entry off the list, whichever it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Report:
    """The place where Logstash sees an error, and its message."""

    at: int
    message: str
    """All of it, with the text since the last complete section."""
    summary: str
    """The message with no more of that text than its last line."""


class _Attempt:
    """An attempt to parse ``text``, and the failures at the deepest offset so far."""

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.position = start
        self.deepest = start
        self.failures: list[str] = []
        self.cache: dict[tuple[str, int], int | None] = {}

    def fail(self, terminal: str) -> bool:
        """Note that ``terminal`` is not here."""
        if self.position > self.deepest:
            self.deepest = self.position
            self.failures = []
        if self.position == self.deepest:
            self.failures.append(terminal)
        return False

    def forget(self) -> None:
        """Take the latest failure back."""
        if self.failures:
            self.failures.pop()


_MAX_LENGTH = 200_000
_Expression: TypeAlias = Callable[[_Attempt], bool]


def report(text: str, start: int = 0) -> Report | None:
    r"""Say what Logstash reports of ``text``, whose sections up to ``start`` are right.

    None if Logstash would find nothing, or if the rest of the text is too long or nests too
    deep to follow.

    >>> report("filter { drop [").message
    'Expected one of [ \\t\\r\\n], "#", "{" at line 1, column 15 (byte 15) after filter { drop '
    """
    if len(text) - start > _MAX_LENGTH:
        return None
    attempt = _Attempt(text, start)
    try:
        _config(attempt)
    except RecursionError:
        return None
    if attempt.position == len(text):
        return None
    if attempt.position > attempt.deepest:
        attempt.fail("something other than <END OF INPUT>")
    terminals = list(dict.fromkeys(attempt.failures))
    expected = f"Expected {'one of ' if len(attempt.failures) > 1 else ''}{', '.join(terminals)}"
    after = text[attempt.position : attempt.deepest]
    said = f"{expected} at {_place(text, attempt.deepest)}"
    if attempt.deepest == 0:
        return Report(0, said, said)
    *earlier, last = after.split("\n")
    tail = f"… {last.strip()}" if earlier else last
    return Report(attempt.deepest, f"{said} after {after}", f"{said} after {tail}".rstrip())


def _place(text: str, at: int) -> str:
    line = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1) + 1
    return f"line {line}, column {column} (byte {at + 1})"


def _literal(literal: str, shown: str = "") -> _Expression:
    shown = shown or f'"{literal}"'

    def parse(attempt: _Attempt) -> bool:
        if not attempt.text.startswith(literal, attempt.position):
            return attempt.fail(shown)
        attempt.position += len(literal)
        return True

    return parse


def _characters(members: str, minimum: int = 1) -> _Expression:
    """``[members]+``, or ``*`` with a minimum of 0: fails behind the last one, too."""
    pattern = re.compile(f"{members}*")

    def parse(attempt: _Attempt) -> bool:
        start = attempt.position
        match = pattern.match(attempt.text, start)
        assert match is not None
        attempt.position = match.end()
        attempt.fail(members)
        return attempt.position - start >= minimum

    return parse


def _character(members: str) -> _Expression:
    pattern = re.compile(members)

    def parse(attempt: _Attempt) -> bool:
        if not pattern.match(attempt.text, attempt.position):
            return attempt.fail(members)
        attempt.position += 1
        return True

    return parse


def _sequence(*parts: _Expression) -> _Expression:
    def parse(attempt: _Attempt) -> bool:
        start = attempt.position
        for part in parts:
            if not part(attempt):
                attempt.position = start
                return False
        return True

    return parse


def _choice(*alternatives: _Expression) -> _Expression:
    def parse(attempt: _Attempt) -> bool:
        return any(alternative(attempt) for alternative in alternatives)

    return parse


def _optional(part: _Expression) -> _Expression:
    return lambda attempt: part(attempt) or True


def _repeated(part: _Expression, minimum: int = 0) -> _Expression:
    def parse(attempt: _Attempt) -> bool:
        count = 0
        while part(attempt):
            count += 1
        return count >= minimum

    return parse


def _named(name: str, part: _Expression) -> _Expression:
    """A rule: what came of it at an offset is remembered, and its failures not noted again."""

    def parse(attempt: _Attempt) -> bool:
        key = (name, attempt.position)
        if key not in attempt.cache:
            attempt.cache[key] = attempt.position if part(attempt) else None
        end = attempt.cache[key]
        if end is not None:
            attempt.position = end
        return end is not None

    return parse


def _rule(name: str) -> _Expression:
    """A rule that is defined further down."""
    return lambda attempt: _RULES[name](attempt)


def _end_of_input(attempt: _Attempt) -> bool:
    """``!.``."""
    if attempt.position < len(attempt.text):
        return attempt.fail("something other than any character")
    attempt.fail("any character")
    attempt.forget()
    return True


def _quoted(quote: str, shown: str, escaped: str) -> _Expression:
    r"""``'"' ('\"' / !'"' .)* '"'``, without a step for each character."""
    content = re.compile(rf"(?:\\{quote}|[^{quote}])*+", re.DOTALL)
    ordinary = re.compile(rf"(\\{quote})|[^{quote}]", re.DOTALL)
    opening = _literal(quote, shown)

    def parse(attempt: _Attempt) -> bool:
        start = attempt.position
        if not opening(attempt):
            return False
        match = content.match(attempt.text, attempt.position)
        assert match is not None
        for character in ordinary.finditer(attempt.text, *match.span()):
            if character[1] is None:
                attempt.position = character.start()
                attempt.fail(escaped)
                attempt.fail(shown)
                attempt.forget()
        attempt.position = match.end()
        attempt.fail(escaped)
        if attempt.position < len(attempt.text):
            attempt.fail(f"something other than {shown}")
            return opening(attempt)
        attempt.fail(shown)
        attempt.forget()
        attempt.fail("any character")
        attempt.fail(shown)
        attempt.position = start
        return False

    return parse


_cs = _rule("cs")
_rvalue = _rule("rvalue")
_body = _sequence(
    _literal("{"), _cs, _repeated(_sequence(_rule("branch_or_plugin"), _cs)), _literal("}")
)
_arrow = _sequence(_cs, _literal("=>"), _cs, _rule("value"))
_parenthesised = _sequence(_literal("("), _cs, _rule("condition"), _cs, _literal(")"))


def _separated(part: _Expression) -> _Expression:
    """``(part (cs "," cs part)*)?``."""
    return _optional(_sequence(part, _repeated(_sequence(_cs, _literal(","), _cs, part))))


_RULES: dict[str, _Expression] = {
    name: _named(name, part)
    for name, part in {
        "newline_or_eoi": _choice(
            _sequence(_optional(_literal("\r", r'"\r"')), _literal("\n", r'"\n"')), _end_of_input
        ),
        "comment": _repeated(
            _sequence(
                _optional(_rule("whitespace")),
                _literal("#"),
                _characters(r"[^\r\n]", 0),
                _rule("newline_or_eoi"),
            ),
            1,
        ),
        "cs": _repeated(_choice(_rule("comment"), _rule("whitespace"))),
        "whitespace": _characters(r"[ \t\r\n]"),
        "plugin_section": _sequence(_rule("plugin_type"), _cs, _body),
        "branch_or_plugin": _choice(_rule("branch"), _rule("plugin")),
        "plugin_type": _choice(_literal("input"), _literal("filter"), _literal("output")),
        "plugin": _sequence(
            _rule("name"),
            _cs,
            _literal("{"),
            _cs,
            _optional(
                _sequence(
                    _rule("attribute"),
                    _repeated(_sequence(_rule("whitespace"), _cs, _rule("attribute"))),
                )
            ),
            _cs,
            _literal("}"),
        ),
        "name": _choice(_characters("[A-Za-z0-9_-]"), _rule("string")),
        "attribute": _sequence(_rule("name"), _arrow),
        "value": _choice(*map(_rule, ["plugin", "bareword", "string", "number", "array", "hash"])),
        "bareword": _sequence(_character("[A-Za-z_]"), _characters("[A-Za-z0-9_]")),
        "double_quoted_string": _quoted('"', "'\"'", "'\\\"'"),
        "single_quoted_string": _quoted("'", '"\'"', '"\\\\\'"'),
        "string": _choice(_rule("double_quoted_string"), _rule("single_quoted_string")),
        "regexp": _quoted("/", "'/'", r"'\/'"),
        "number": _sequence(
            _optional(_literal("-")),
            _characters("[0-9]"),
            _optional(_sequence(_literal("."), _characters("[0-9]", 0))),
        ),
        "array": _sequence(_literal("["), _cs, _separated(_rule("value")), _cs, _literal("]")),
        "hash": _sequence(_literal("{"), _cs, _optional(_rule("hashentries")), _cs, _literal("}")),
        "hashentries": _sequence(
            _rule("hashentry"), _repeated(_sequence(_cs, _rule("hashentry")))
        ),
        "hashentry": _sequence(
            _choice(_rule("number"), _rule("bareword"), _rule("string")), _arrow
        ),
        "branch": _sequence(
            _rule("if"),
            _repeated(_sequence(_cs, _rule("else_if"))),
            _optional(_sequence(_cs, _rule("else"))),
        ),
        "if": _sequence(_literal("if"), _cs, _rule("condition"), _cs, _body),
        "else_if": _sequence(
            _literal("else"), _cs, _literal("if"), _cs, _rule("condition"), _cs, _body
        ),
        "else": _sequence(_literal("else"), _cs, _body),
        "condition": _sequence(
            _rule("expression"),
            _repeated(_sequence(_cs, _rule("boolean_operator"), _cs, _rule("expression"))),
        ),
        "expression": _choice(
            _parenthesised,
            _rule("negative_expression"),
            _rule("in_expression"),
            _rule("not_in_expression"),
            _rule("compare_expression"),
            _rule("regexp_expression"),
            _rvalue,
        ),
        "negative_expression": _choice(
            _sequence(_literal("!"), _cs, _parenthesised),
            _sequence(_literal("!"), _cs, _rule("selector")),
        ),
        "in_expression": _sequence(_rvalue, _cs, _rule("in_operator"), _cs, _rvalue),
        "not_in_expression": _sequence(_rvalue, _cs, _rule("not_in_operator"), _cs, _rvalue),
        "in_operator": _literal("in"),
        "not_in_operator": _sequence(_literal("not "), _cs, _literal("in")),
        "rvalue": _choice(
            *map(_rule, ["string", "number", "selector", "array", "method_call", "regexp"])
        ),
        "method_call": _sequence(
            _rule("bareword"), _cs, _literal("("), _cs, _separated(_rvalue), _cs, _literal(")")
        ),
        "compare_expression": _sequence(_rvalue, _cs, _rule("compare_operator"), _cs, _rvalue),
        "compare_operator": _choice(*map(_literal, ["==", "!=", "<=", ">=", "<", ">"])),
        "regexp_expression": _sequence(
            _rvalue,
            _cs,
            _rule("regexp_operator"),
            _cs,
            _choice(_rule("string"), _rule("regexp")),
        ),
        "regexp_operator": _choice(_literal("=~"), _literal("!~")),
        "boolean_operator": _choice(*map(_literal, ["and", "or", "xor", "nand"])),
        "selector": _repeated(_rule("selector_element"), 1),
        "selector_element": _sequence(_literal("["), _characters(r"[^\]\[,]"), _literal("]")),
    }.items()
}
_config = _sequence(_repeated(_sequence(_cs, _rule("plugin_section"))), _cs)
