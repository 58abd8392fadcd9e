r"""Names and numbers of groups: where they are given, ``\k<…>``, ``\g<…>``, ``(?(…)``."""

from __future__ import annotations

import re
from typing import NoReturn

from toolkit.languages.ruby_regex.scanner import RegexFlags, Scanner
from toolkit.languages.ruby_regex.tree import BackReference, Call, RegexNode

_EMPTY = "group name is empty"
_INVALID = "invalid group name <%>"
_NO_NAME = "undefined name <%> reference"
_NO_NUMBER = "invalid backref number/name"
_LEVEL = re.compile(r"(.[^)>'+-]*)([+-][0-9]+)", re.DOTALL)


def read_name(scanner: Scanner, closing: str) -> str:
    """Read the name of a new group and its closing character."""
    name = _read(scanner, closing)
    if name[0].isdecimal() or name[0] == "-":
        scanner.fail(_INVALID, scanner.place - len(name) - 1, name)
    return name


def _read(scanner: Scanner, closing: str) -> str:
    start = scanner.place
    if scanner.done or scanner.take(closing):
        scanner.fail(_EMPTY, start)
    end = start
    while end < len(scanner.text) and scanner.text[end] not in (closing, ")"):
        end += 1
    if scanner.text[end : end + 1] != closing:
        scanner.place = len(scanner.text)
        scanner.fail(_INVALID, start, scanner.text[start:])
    scanner.place = end + 1
    return scanner.text[start:end]


def read_call(scanner: Scanner, start: int) -> RegexNode:
    r"""Read the rest of ``\g<…>``; a name may be given later on."""
    closing = ">" if scanner.next() == "<" else "'"
    name = _read(scanner, closing)
    span = scanner.span(start)
    number = _number(name)
    if number is None:
        if name[0].isdecimal() or name[0] == "-":
            scanner.fail(_INVALID, start, name)
        return Call(*span, _called(scanner, start, name))
    if number or name[0] in "+-":
        scanner.refer_by_number(start)
    if name[0] == "-":
        number += scanner.groups + 1
        if number <= 0:
            scanner.fail(_NO_NUMBER, start)
    elif name[0] == "+":
        number += scanner.groups
    return Call(*span, number)


def _called(scanner: Scanner, start: int, name: str) -> int:
    scanner.calls = True
    if scanner.known is None:
        return 0
    numbers = scanner.known.get(name, ())
    if not numbers:
        scanner.fail(_NO_NAME, start, name)
    if len(numbers) > 1:
        scanner.fail("multiplex definition name <%> call", start, name)
    return numbers[0]


def read_named_reference(scanner: Scanner, start: int, flags: RegexFlags) -> RegexNode:
    r"""Read the rest of ``\k<…>``, with a level or without.

    Args:
        scanner: At the character behind the letter ``k``.
        start: The offset of the backslash.
        flags: The options in force.
    """
    numbers, level = _reference(scanner, start, ">" if scanner.next() == "<" else "'")
    return BackReference(*scanner.span(start), numbers, flags.ignorecase, level)


def _reference(scanner: Scanner, start: int, closing: str) -> tuple[tuple[int, ...], int | None]:
    name, level = _read(scanner, closing), None
    if levelled := _LEVEL.fullmatch(name):
        name, level = levelled[1], int(levelled[2])
    number = None if name[0] == "+" else _number(name)
    if number is None:
        if name[0].isdecimal():
            scanner.fail(_INVALID, start, name)
        if name[0] == "-" or any(sign in name[1:] for sign in "+-"):
            _refuse(scanner, start, name)
        numbers = scanner.numbers_of(name)
        if not numbers:
            scanner.fail(_NO_NAME, start, name)
        return numbers, level
    scanner.refer_by_number(start)
    number += scanner.groups + 1 if number < 0 else 0
    if number <= 0:
        scanner.fail(_NO_NUMBER, start)
    return (number,), level


def _refuse(scanner: Scanner, start: int, name: str) -> NoReturn:
    begin = scanner.text.index(name, start)
    scanner.fail(_INVALID, start, scanner.text[begin:])


def _number(name: str) -> int | None:
    digits = name[1:] if name[0] in "+-" else name
    return int(name) if digits.isdecimal() and digits.isascii() and len(digits) < 8 else None


def read_condition(scanner: Scanner, start: int) -> tuple[int, ...]:
    """Read the rest of ``(?(…)``: the groups any of which must have captured.

    What is no reference is passed over by one character and never holds, as in Joni.
    """
    letter = "" if scanner.done else scanner.next()
    if letter in ("<", "'"):
        numbers, _ = _reference(scanner, start, ">" if letter == "<" else "'")
        if not scanner.take(")"):
            scanner.fail("undefined group option", start)
        return numbers
    if not letter.isdecimal():
        return ()
    scanner.place -= 1
    begin = scanner.place
    name = _read(scanner, ")")
    number = _number(name)
    if number is None:
        scanner.fail("invalid char in group name <%>", begin, name)
    scanner.refer_by_number(start)
    return (number,)
