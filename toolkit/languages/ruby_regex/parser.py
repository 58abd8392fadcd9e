"""Ruby's syntax of regular expressions, as Joni reads it (see ``groups`` and ``escapes``)."""

from __future__ import annotations

import re

from toolkit.languages.ruby_regex.classes import read_brackets
from toolkit.languages.ruby_regex.codes import EVERY, Codes
from toolkit.languages.ruby_regex.cursor import DEEPEST, Cursor, Flags
from toolkit.languages.ruby_regex.errors import RegexError
from toolkit.languages.ruby_regex.escapes import is_code, read_escape
from toolkit.languages.ruby_regex.groups import Opening, read_opening
from toolkit.languages.ruby_regex.preprocess import Preprocessed, preprocess
from toolkit.languages.ruby_regex.quantifiers import quantify, read_repeat
from toolkit.languages.ruby_regex.soundness import examine
from toolkit.languages.ruby_regex.tree import (
    Alternation,
    Anchor,
    At,
    Conditional,
    Expression,
    Node,
    Sequence,
    Set,
    Text,
)

_NUMBERED = "numbered backref/call is not allowed. (use name)"
_UNMATCHED = "end pattern with unmatched parenthesis"
_NAMED = re.compile(r"\(\?(?:<[^=!]|')")
_NO_NEWLINE = ~Codes.of((10, 10))
_ANCHORS = {"^": At.LINE_START, "$": At.LINE_END}


def parse(pattern: str, flags: Flags) -> Expression:
    """Read ``pattern``, or raise `RegexError` with what Ruby would say and where."""
    source = preprocess(pattern)
    cursor, body = _guessing(source, flags) or _learning(source, flags)
    expression = Expression(pattern, body, cursor.groups, tuple(cursor.names))
    examine(expression)
    return expression


def _guessing(source: Preprocessed, flags: Flags) -> tuple[Cursor, Node] | None:
    """Read once, where names are seen at a glance; None if that was not the whole truth."""
    if not _NAMED.search(source.text):
        return None
    cursor = Cursor(source, plain_captures=False)
    try:
        body = _whole(cursor, flags)
    except RegexError:
        return None
    sure = cursor.names and not cursor.numbered and not cursor.calls
    return (cursor, body) if sure else None


def _learning(source: Preprocessed, flags: Flags) -> tuple[Cursor, Node]:
    """Read, and once more where plain groups turn out to capture nothing beside named ones."""
    cursor = Cursor(source)
    body = _whole(cursor, flags)
    if cursor.names and cursor.numbered:
        raise RegexError(_NUMBERED, *cursor.numbered)
    if cursor.calls or 0 < len(cursor.names) < cursor.groups:
        cursor = _knowing(cursor)
        body = _whole(cursor, flags)
    return cursor, body


def _knowing(first: Cursor) -> Cursor:
    """Begin again, with the names that a first reading has found."""
    known: dict[str, list[int]] = {}
    for number, (name, _) in enumerate(first.names, 1):
        known.setdefault(name, []).append(number)
    return Cursor(first.source, plain_captures=not first.names, known=known)


def _whole(cursor: Cursor, flags: Flags) -> Node:
    body = _alternation(cursor, flags)
    if not cursor.done:
        cursor.fail("unmatched close parenthesis", cursor.place)
    return body


def _alternation(cursor: Cursor, flags: Flags) -> Node:
    """Branches up to ``)`` or the end."""
    start = cursor.place
    branches = [_sequence(cursor, flags)]
    while cursor.take("|"):
        branches.append(_sequence(cursor, flags))
    if len(branches) == 1:
        return branches[0]
    return Alternation(*cursor.span(start), tuple(branches))


def _sequence(cursor: Cursor, flags: Flags) -> Node:
    """Items up to ``|``, ``)`` or the end."""
    start = cursor.place
    items: list[Node] = []
    joinable = False
    while True:
        cursor.skip(flags)
        if cursor.done or cursor.peek() in "|)":
            break
        begin = cursor.place
        node = _item(cursor, flags)
        plain = _is_plain(node) and not is_code(cursor.text, begin)
        if plain and joinable and _join(items, node):
            continue
        items.append(node)
        joinable = plain
    return items[0] if len(items) == 1 else Sequence(*cursor.span(start), tuple(items))


def _is_plain(node: Node) -> bool:
    return isinstance(node, Text) and len(node.characters) == 1


def _join(items: list[Node], node: Node) -> bool:
    last = items[-1]
    if not (isinstance(last, Text) and isinstance(node, Text)) or last.fold != node.fold:
        return False
    items[-1] = Text(last.start, node.end, last.characters + node.characters, node.fold)
    return True


def _item(cursor: Cursor, flags: Flags) -> Node:
    """One item and its quantifiers. Options such as ``(?i)`` take in all that follows."""
    if cursor.peek() == "(":
        opening = read_opening(cursor, flags)
        node = _grouped(cursor, flags, opening)
        if opening.rest:
            return node
    else:
        node = _single(cursor, flags)
    while True:
        cursor.skip(flags)
        repeat = read_repeat(cursor)
        if repeat is None:
            return node
        node = quantify(node, repeat, cursor.source.place(cursor.place))


def _single(cursor: Cursor, flags: Flags) -> Node:
    start = cursor.place
    if read_repeat(cursor):
        cursor.fail("target of repeat operator is not specified", start)
    letter = cursor.peek()
    if letter == "[":
        return read_brackets(cursor, flags)
    if letter == "\\":
        return read_escape(cursor, flags)
    cursor.place += 1
    span = cursor.span(start)
    if letter in _ANCHORS:
        return Anchor(*span, _ANCHORS[letter])
    if letter == ".":
        return Set(*span, EVERY if flags.dotall else _NO_NEWLINE)
    return Text(*span, letter, flags.ignorecase)


def _grouped(cursor: Cursor, flags: Flags, opening: Opening) -> Node:
    cursor.depth += 1
    if cursor.depth > DEEPEST:
        raise RegexError("too deep nest level", *cursor.span(opening.start), unsupported=True)
    body = _alternation(cursor, opening.flags)
    cursor.depth -= 1
    if not opening.rest and not cursor.take(")"):
        cursor.fail(_UNMATCHED, opening.start)
    node = opening.build(cursor.span(opening.start), body)
    if isinstance(node, Conditional):
        _check_branches(cursor, opening, body)
    return node


def _check_branches(cursor: Cursor, opening: Opening, body: Node) -> None:
    if isinstance(body, Alternation) and len(body.branches) > 2:
        cursor.fail("invalid conditional pattern", opening.start)
