"""Ruby's syntax of regular expressions, as Joni reads it (see ``groups`` and ``escapes``)."""

from __future__ import annotations

import re

from toolkit.languages.ruby_regex import tree
from toolkit.languages.ruby_regex.classes import read_brackets
from toolkit.languages.ruby_regex.codes import EVERY, Codes
from toolkit.languages.ruby_regex.errors import RegexError
from toolkit.languages.ruby_regex.escapes import is_code, read_escape
from toolkit.languages.ruby_regex.groups import Opening, read_opening
from toolkit.languages.ruby_regex.preprocess import Preprocessed, preprocess
from toolkit.languages.ruby_regex.quantifiers import quantify, read_repeat
from toolkit.languages.ruby_regex.scanner import DEEPEST, RegexFlags, Scanner
from toolkit.languages.ruby_regex.soundness import examine

_NUMBERED = "numbered backref/call is not allowed. (use name)"
_UNMATCHED = "end pattern with unmatched parenthesis"
_NAMED = re.compile(r"\(\?(?:<[^=!]|')")
_NO_NEWLINE = ~Codes.of((10, 10))
_LITERAL = re.compile(r"[^\\()\[\]{}.*+?|^$#\s]+(?![?*+{\s#]|\(\?#)")
_ANCHORS = {"^": tree.At.LINE_START, "$": tree.At.LINE_END}


def parse(pattern: str, flags: RegexFlags) -> tree.RegexTree:
    """Parse ``pattern``; raises `RegexError` with Ruby's message and the place of the error."""
    source = preprocess(pattern)
    scanner, body = _parse_named(source, flags) or _parse_any(source, flags)
    expression = tree.RegexTree(pattern, body, scanner.groups, tuple(scanner.names))
    examine(expression)
    return expression


def _parse_named(source: Preprocessed, flags: RegexFlags) -> tuple[Scanner, tree.RegexNode] | None:
    """Parse once, assuming that plain groups do not capture; None if that was wrong.

    Most patterns of grok have names, so the first pass is usually the last.
    """
    if not _NAMED.search(source.text):
        return None
    scanner = Scanner(source, plain_captures=False)
    try:
        body = _whole(scanner, flags)
    except RegexError:
        return None
    sure = scanner.names and not scanner.numbered and not scanner.calls
    return (scanner, body) if sure else None


def _parse_any(source: Preprocessed, flags: RegexFlags) -> tuple[Scanner, tree.RegexNode]:
    """Parse, and once more if there are named groups: plain ones do not capture then."""
    scanner = Scanner(source)
    body = _whole(scanner, flags)
    if scanner.names and scanner.numbered:
        raise RegexError(_NUMBERED, *scanner.numbered)
    if scanner.calls or 0 < len(scanner.names) < scanner.groups:
        scanner = _restart(scanner)
        body = _whole(scanner, flags)
    return scanner, body


def _restart(first: Scanner) -> Scanner:
    """Start over, with the names that the first pass has found."""
    known: dict[str, list[int]] = {}
    for number, (name, _) in enumerate(first.names, 1):
        known.setdefault(name, []).append(number)
    return Scanner(first.source, plain_captures=not first.names, known=known)


def _whole(scanner: Scanner, flags: RegexFlags) -> tree.RegexNode:
    body = _alternation(scanner, flags)
    if not scanner.done:
        scanner.fail("unmatched close parenthesis", scanner.place)
    return body


def _alternation(scanner: Scanner, flags: RegexFlags) -> tree.RegexNode:
    """Branches up to ``)`` or the end."""
    start = scanner.place
    branches = [_sequence(scanner, flags)]
    while scanner.take("|"):
        branches.append(_sequence(scanner, flags))
    if len(branches) == 1:
        return branches[0]
    return tree.Alternation(*scanner.span(start), tuple(branches))


def _sequence(scanner: Scanner, flags: RegexFlags) -> tree.RegexNode:
    """Items up to ``|``, ``)`` or the end."""
    start = scanner.place
    items: list[tree.RegexNode] = []
    joinable = False
    while True:
        scanner.skip(flags)
        if scanner.done or scanner.peek() in "|)":
            break
        begin = scanner.place
        text = _literal(scanner, flags)
        node = text or _item(scanner, flags)
        plain = bool(text) or (_is_plain(node) and not is_code(scanner.text, begin))
        if plain and joinable and _join(items, node):
            continue
        items.append(node)
        joinable = plain
    return items[0] if len(items) == 1 else tree.Sequence(*scanner.span(start), tuple(items))


def _literal(scanner: Scanner, flags: RegexFlags) -> tree.Literal | None:
    """Several characters that mean themselves, of which the last is not repeated."""
    found = _LITERAL.match(scanner.text, scanner.place)
    if found is None:
        return None
    start, scanner.place = scanner.place, found.end()
    return tree.Literal(*scanner.span(start), found[0], flags.ignorecase)


def _is_plain(node: tree.RegexNode) -> bool:
    return isinstance(node, tree.Literal) and len(node.characters) == 1


def _join(items: list[tree.RegexNode], node: tree.RegexNode) -> bool:
    match items[-1], node:
        case tree.Literal() as last, tree.Literal() if last.fold == node.fold:
            characters = last.characters + node.characters
            items[-1] = tree.Literal(last.start, node.end, characters, node.fold)
            return True
    return False


def _item(scanner: Scanner, flags: RegexFlags) -> tree.RegexNode:
    """One item and its quantifiers. Options such as ``(?i)`` take in all that follows."""
    if scanner.peek() == "(":
        opening = read_opening(scanner, flags)
        node = _grouped(scanner, flags, opening)
        if opening.rest:
            return node
    else:
        node = _single(scanner, flags)
    while True:
        scanner.skip(flags)
        repeat = read_repeat(scanner)
        if repeat is None:
            return node
        node = quantify(node, repeat, scanner.source.place(scanner.place))


def _single(scanner: Scanner, flags: RegexFlags) -> tree.RegexNode:
    start = scanner.place
    if read_repeat(scanner):
        scanner.fail("target of repeat operator is not specified", start)
    letter = scanner.peek()
    if letter == "[":
        return read_brackets(scanner, flags)
    if letter == "\\":
        return read_escape(scanner, flags)
    scanner.place += 1
    span = scanner.span(start)
    if letter in _ANCHORS:
        return tree.Anchor(*span, _ANCHORS[letter])
    if letter == ".":
        return tree.Set(*span, EVERY if flags.dotall else _NO_NEWLINE)
    return tree.Literal(*span, letter, flags.ignorecase)


def _grouped(scanner: Scanner, flags: RegexFlags, opening: Opening) -> tree.RegexNode:
    scanner.depth += 1
    if scanner.depth > DEEPEST:
        raise RegexError("too deep nest level", *scanner.span(opening.start), unsupported=True)
    body = _alternation(scanner, opening.flags)
    scanner.depth -= 1
    if not opening.rest and not scanner.take(")"):
        scanner.fail(_UNMATCHED, opening.start)
    node = opening.build(scanner.span(opening.start), body)
    if isinstance(node, tree.Conditional):
        _check_branches(scanner, opening, body)
    return node


def _check_branches(scanner: Scanner, opening: Opening, body: tree.RegexNode) -> None:
    if isinstance(body, tree.Alternation) and len(body.branches) > 2:
        scanner.fail("invalid conditional pattern", opening.start)
