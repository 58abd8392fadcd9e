"""What stands behind an opening parenthesis."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from toolkit.languages.ruby_regex.cursor import Cursor, Flags
from toolkit.languages.ruby_regex.references import read_condition, read_name
from toolkit.languages.ruby_regex.tree import (
    Absent,
    Alternation,
    Atomic,
    Conditional,
    Group,
    Look,
    Node,
    Sequence,
)

Build = Callable[[tuple[int, int], Node], Node]

_UNENDED = "end pattern in group"
_UNKNOWN = "undefined group option"


@dataclass(frozen=True, slots=True)
class Opening:
    """How a group begins: the flags inside, and the node it makes of its body."""

    start: int
    flags: Flags
    build: Build
    rest: bool = False
    """It is but options, which hold up to the end of the group around."""


def _transparent(span: tuple[int, int], body: Node) -> Node:
    return body


def _isolated(span: tuple[int, int], body: Node) -> Node:
    # Alternatives behind options are not at the top of a look-behind.
    return Sequence(*span, (body,))


def _look(*, behind: bool, negative: bool) -> Build:
    return lambda span, body: Look(*span, body, behind, negative)


_SIMPLE: dict[str, Build] = {
    ":": _transparent,
    "=": _look(behind=False, negative=False),
    "!": _look(behind=False, negative=True),
    "<=": _look(behind=True, negative=False),
    "<!": _look(behind=True, negative=True),
    ">": lambda span, body: Atomic(*span, body),
    "~": lambda span, body: Absent(*span, body),
}


def read_opening(cursor: Cursor, flags: Flags) -> Opening:
    """Read from ``(`` up to the body of the group."""
    start = cursor.place
    cursor.place += 1
    if not cursor.take("?"):
        if not cursor.plain_captures:
            return Opening(start, flags, _transparent)
        return Opening(start, flags, _capture(cursor.open_group(None), None))
    for mark, build in _SIMPLE.items():
        if cursor.take(mark):
            return Opening(start, flags, build)
    if cursor.take("<") or cursor.take("'"):
        return Opening(start, flags, _named(cursor, start))
    if cursor.take("("):
        return Opening(start, flags, _conditional(read_condition(cursor, start)))
    return _options(cursor, flags, start)


def _capture(number: int, name: str | None) -> Build:
    return lambda span, body: Group(*span, body, number, name)


def _named(cursor: Cursor, start: int) -> Build:
    if cursor.done:
        cursor.fail("end pattern with unmatched parenthesis", start)
    name = read_name(cursor, ">" if cursor.text[cursor.place - 1] == "<" else "'")
    return _capture(cursor.open_group(name), name)


def _conditional(numbers: tuple[int, ...]) -> Build:
    def build(span: tuple[int, int], body: Node) -> Node:
        if not isinstance(body, Alternation):
            return Conditional(*span, numbers, body, Sequence(span[1], span[1], ()))
        return Conditional(*span, numbers, body.branches[0], body.branches[1])

    return build


def _options(cursor: Cursor, flags: Flags, start: int) -> Opening:
    """Read ``mix-mix`` and ``adu`` up to the colon or parenthesis."""
    on, first = True, True
    while not cursor.done:
        letter = cursor.next()
        if letter == ":" or (letter == ")" and not first):
            return Opening(start, flags, _isolated, rest=letter == ")")
        if letter == "-":
            on = False
        else:
            flags = _switched(flags, letter, on) or cursor.fail(_UNKNOWN, start)
        first = False
    return cursor.fail(_UNENDED, start)


_SWITCHES = {"m": "dotall", "i": "ignorecase", "x": "extended"}


def _switched(flags: Flags, letter: str, on: bool) -> Flags | None:
    """Turn one option on or off; None if there is no such option."""
    if letter in _SWITCHES:
        return replace(flags, **{_SWITCHES[letter]: on})
    if letter not in ("a", "d", "u") or not on:
        return None
    ascii_only = letter == "a"
    return replace(
        flags, ascii_types=letter != "u", ascii_brackets=ascii_only, ascii_bounds=ascii_only
    )
