r"""Escapes outside of brackets: a backslash and what follows it."""

from __future__ import annotations

import re
from collections.abc import Callable

from toolkit.languages.ruby_regex import tree
from toolkit.languages.ruby_regex.classes import (
    TYPES,
    folded_set,
    read_code,
    read_property,
    type_codes,
)
from toolkit.languages.ruby_regex.codes import Codes
from toolkit.languages.ruby_regex.group_references import read_call, read_named_reference
from toolkit.languages.ruby_regex.scanner import RegexFlags, Scanner

_ANCHORS = {at.value[1]: at for at in tree.At if len(at.value) == 2}
_LINE_BREAK = Codes.of((10, 13), (0x85, 0x85), (0x2028, 0x2029))
_CODE = re.compile(r"\\[x0-7]")
_DIGITS = re.compile("[0-9]+")
_ALWAYS_BACKREF = 9


def is_code(text: str, place: int) -> bool:
    """Return whether a character is written there by its code."""
    return _CODE.match(text, place) is not None


def read_escape(scanner: Scanner, flags: RegexFlags) -> tree.RegexNode:
    """Read from the backslash on."""
    start = scanner.place
    scanner.place += 1
    letter = scanner.next()
    if letter in "123456789" and (node := _backreference(scanner, start, flags)):
        return node
    if letter in "kg" and scanner.peek() in ("<", "'"):
        if letter == "g":
            return read_call(scanner, start)
        return read_named_reference(scanner, start, flags)
    if letter in TYPES:
        return tree.Set(*scanner.span(start), type_codes(letter, flags))
    if letter in "pP" and scanner.peek() == "{":
        codes, negative = read_property(scanner, start, letter)
        return folded_set(scanner.span(start), codes, negative, flags, codes)
    if letter in _ANCHORS:
        return tree.Anchor(*scanner.span(start), _ANCHORS[letter], flags.ascii_bounds)
    if letter in _SPECIAL:
        return _SPECIAL[letter](*scanner.span(start))
    character = chr(read_code(scanner, start, letter))
    return tree.Literal(*scanner.span(start), character, flags.ignorecase)


def _line_break(start: int, end: int) -> tree.RegexNode:
    r"""``\r\n`` is tried before its first character alone, and never split."""
    both = tree.Literal(start, end, "\r\n", fold=False)
    one = tree.Set(start, end, _LINE_BREAK)
    return tree.Atomic(start, end, tree.Alternation(start, end, (both, one)))


_SPECIAL: dict[str, Callable[[int, int], tree.RegexNode]] = {
    "R": _line_break,
    "X": tree.GraphemeCluster,
    "K": tree.Keep,
}


def _backreference(scanner: Scanner, start: int, flags: RegexFlags) -> tree.RegexNode | None:
    digits = _DIGITS.match(scanner.text, start + 1)
    number = int(digits[0][:7]) if digits else 0
    if digits is None or number > max(scanner.groups, _ALWAYS_BACKREF):
        return None
    scanner.place = digits.end()
    scanner.refer_by_number(start)
    return tree.BackReference(*scanner.span(start), (number,), flags.ignorecase)
