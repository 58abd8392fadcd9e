r"""What a backslash makes of the character behind it."""

from __future__ import annotations

import re

from toolkit.languages.ruby_regex.classes import (
    CONTROLS,
    TYPES,
    folded_set,
    read_property,
    type_codes,
)
from toolkit.languages.ruby_regex.cursor import Cursor, Flags
from toolkit.languages.ruby_regex.references import read_call, read_named_reference
from toolkit.languages.ruby_regex.tree import (
    Anchor,
    At,
    BackReference,
    Cluster,
    Keep,
    LineBreak,
    Node,
    Set,
    Text,
)

_ANCHORS = {at.value[1]: at for at in At if len(at.value) == 2}
_SPECIAL = {"R": LineBreak, "X": Cluster, "K": Keep}
_CODE = re.compile(r"\\[x0-7]")
_DIGITS = re.compile("[0-9]+")
_OCTAL = re.compile("[0-7]{1,3}")
_ALWAYS_BACKREF = 9


def is_code(text: str, place: int) -> bool:
    """Whether a character is written there by its code."""
    return _CODE.match(text, place) is not None


def read_escape(cursor: Cursor, flags: Flags) -> Node:
    """Read from the backslash on."""
    start = cursor.place
    cursor.place += 1
    letter = cursor.next()
    if letter in "123456789" and (node := _backreference(cursor, start, flags)):
        return node
    if letter in "kg" and cursor.peek() in ("<", "'"):
        if letter == "g":
            return read_call(cursor, start)
        return read_named_reference(cursor, start, flags)
    if letter in TYPES:
        return Set(*cursor.span(start), type_codes(letter, flags))
    if letter in "pP" and cursor.peek() == "{":
        codes, negative = read_property(cursor, start, letter)
        return folded_set(*cursor.span(start), codes, negative, flags)
    if letter in _ANCHORS:
        return Anchor(*cursor.span(start), _ANCHORS[letter], flags.ascii_bounds)
    if letter in _SPECIAL:
        return _SPECIAL[letter](*cursor.span(start))
    character = _character(cursor, start, letter)
    return Text(*cursor.span(start), character, flags.ignorecase)


def _character(cursor: Cursor, start: int, letter: str) -> str:
    if letter == "x":
        cursor.place += 2
        return chr(int(cursor.text[start + 2 : start + 4], 16))
    if digits := _OCTAL.match(cursor.text, start + 1):
        cursor.place = digits.end()
        return chr(int(digits[0], 8))
    return chr(CONTROLS.get(letter, ord(letter)))


def _backreference(cursor: Cursor, start: int, flags: Flags) -> Node | None:
    digits = _DIGITS.match(cursor.text, start + 1)
    number = int(digits[0][:7]) if digits else 0
    if digits is None or number > max(cursor.groups, _ALWAYS_BACKREF):
        return None
    cursor.place = digits.end()
    cursor.refer_by_number(start)
    return BackReference(*cursor.span(start), (number,), flags.ignorecase)
