r"""Names and numbers of groups: where they are given, ``\k<…>``, ``\g<…>``, ``(?(…)``."""

from __future__ import annotations

import re
from typing import NoReturn

from toolkit.languages.ruby_regex.cursor import Cursor, Flags
from toolkit.languages.ruby_regex.tree import BackReference, Call, Node

_EMPTY = "group name is empty"
_INVALID = "invalid group name <%>"
_NO_NAME = "undefined name <%> reference"
_NO_NUMBER = "invalid backref number/name"
_LEVEL = re.compile(r"(.[^)>'+-]*)([+-][0-9]+)", re.DOTALL)


def read_name(cursor: Cursor, closing: str) -> str:
    """Read the name of a new group and its closing character."""
    name = _read(cursor, closing)
    if name[0].isdecimal() or name[0] == "-":
        cursor.fail(_INVALID, cursor.place - len(name) - 1, name)
    return name


def _read(cursor: Cursor, closing: str) -> str:
    start = cursor.place
    if cursor.done or cursor.take(closing):
        cursor.fail(_EMPTY, start)
    end = start
    while end < len(cursor.text) and cursor.text[end] not in (closing, ")"):
        end += 1
    if cursor.text[end : end + 1] != closing:
        cursor.place = len(cursor.text)
        cursor.fail(_INVALID, start, cursor.text[start:])
    cursor.place = end + 1
    return cursor.text[start:end]


def read_call(cursor: Cursor, start: int) -> Node:
    r"""Read the rest of ``\g<…>``; a name may be given later on."""
    closing = ">" if cursor.next() == "<" else "'"
    name = _read(cursor, closing)
    span = cursor.span(start)
    number = _number(name)
    if number is None:
        if name[0].isdecimal() or name[0] == "-":
            cursor.fail(_INVALID, start, name)
        return Call(*span, _called(cursor, start, name))
    if number or name[0] in "+-":
        cursor.refer_by_number(start)
    if name[0] == "-":
        number += cursor.groups + 1
        if number <= 0:
            cursor.fail(_NO_NUMBER, start)
    elif name[0] == "+":
        number += cursor.groups
    return Call(*span, number)


def _called(cursor: Cursor, start: int, name: str) -> int:
    cursor.calls = True
    if cursor.known is None:
        return 0
    numbers = cursor.known.get(name, ())
    if not numbers:
        cursor.fail(_NO_NAME, start, name)
    if len(numbers) > 1:
        cursor.fail("multiplex definition name <%> call", start, name)
    return numbers[0]


def read_named_reference(cursor: Cursor, start: int, flags: Flags) -> Node:
    r"""Read the rest of ``\k<…>``, with a level or without."""
    numbers, level = _reference(cursor, start, ">" if cursor.next() == "<" else "'")
    return BackReference(*cursor.span(start), numbers, flags.ignorecase, level)


def _reference(cursor: Cursor, start: int, closing: str) -> tuple[tuple[int, ...], int | None]:
    name, level = _read(cursor, closing), None
    if levelled := _LEVEL.fullmatch(name):
        name, level = levelled[1], int(levelled[2])
    number = None if name[0] == "+" else _number(name)
    if number is None:
        if name[0].isdecimal():
            cursor.fail(_INVALID, start, name)
        if name[0] == "-" or any(sign in name[1:] for sign in "+-"):
            _refuse(cursor, start, name)
        numbers = cursor.numbers_of(name)
        if not numbers:
            cursor.fail(_NO_NAME, start, name)
        return numbers, level
    cursor.refer_by_number(start)
    number += cursor.groups + 1 if number < 0 else 0
    if number <= 0:
        cursor.fail(_NO_NUMBER, start)
    return (number,), level


def _refuse(cursor: Cursor, start: int, name: str) -> NoReturn:
    begin = cursor.text.index(name, start)
    cursor.fail(_INVALID, start, cursor.text[begin:])


def _number(name: str) -> int | None:
    digits = name[1:] if name[0] in "+-" else name
    return int(name) if digits.isdecimal() and digits.isascii() and len(digits) < 8 else None


def read_condition(cursor: Cursor, start: int) -> tuple[int, ...]:
    """Read the rest of ``(?(…)``: the groups any of which must have captured.

    What is no reference is passed over by one character and never holds, as in Joni.
    """
    letter = "" if cursor.done else cursor.next()
    if letter in ("<", "'"):
        numbers, _ = _reference(cursor, start, ">" if letter == "<" else "'")
        if not cursor.take(")"):
            cursor.fail("undefined group option", start)
        return numbers
    if not letter.isdecimal():
        return ()
    cursor.place -= 1
    begin = cursor.place
    name = _read(cursor, ")")
    number = _number(name)
    if number is None:
        cursor.fail("invalid char in group name <%>", begin, name)
    cursor.refer_by_number(start)
    return (number,)
