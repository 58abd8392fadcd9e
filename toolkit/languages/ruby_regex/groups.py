"""The beginning of a group: what follows an opening parenthesis."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from toolkit.languages.ruby_regex import tree
from toolkit.languages.ruby_regex.group_references import read_condition, read_name
from toolkit.languages.ruby_regex.scanner import RegexFlags, Scanner

Build = Callable[[tuple[int, int], tree.RegexNode], tree.RegexNode]

_UNENDED = "end pattern in group"
_UNKNOWN = "undefined group option"


@dataclass(frozen=True, slots=True)
class Opening:
    """The beginning of a group: the flags inside, and a function from its body to its node."""

    start: int
    flags: RegexFlags
    build: Build
    rest: bool = False
    """True for options without a body, which apply up to the end of the enclosing group."""


def _transparent(span: tuple[int, int], body: tree.RegexNode) -> tree.RegexNode:
    return body


def _isolated(span: tuple[int, int], body: tree.RegexNode) -> tree.RegexNode:
    # Alternatives behind options are not at the top of a look-behind.
    return tree.Sequence(*span, (body,))


def _look(*, behind: bool, negative: bool) -> Build:
    return lambda span, body: tree.Look(*span, body, behind, negative)


_SIMPLE: dict[str, Build] = {
    ":": _transparent,
    "=": _look(behind=False, negative=False),
    "!": _look(behind=False, negative=True),
    "<=": _look(behind=True, negative=False),
    "<!": _look(behind=True, negative=True),
    ">": lambda span, body: tree.Atomic(*span, body),
    "~": lambda span, body: tree.Absent(*span, body),
}


def read_opening(scanner: Scanner, flags: RegexFlags) -> Opening:
    """Read from ``(`` up to the body of the group."""
    start = scanner.place
    scanner.place += 1
    if not scanner.take("?"):
        if not scanner.plain_captures:
            return Opening(start, flags, _transparent)
        return Opening(start, flags, _capture(scanner.open_group(None), None))
    for mark, build in _SIMPLE.items():
        if scanner.take(mark):
            return Opening(start, flags, build)
    if scanner.take("<") or scanner.take("'"):
        return Opening(start, flags, _named(scanner, start))
    if scanner.take("("):
        return Opening(start, flags, _conditional(read_condition(scanner, start)))
    return _options(scanner, flags, start)


def _capture(number: int, name: str | None) -> Build:
    return lambda span, body: tree.Group(*span, body, number, name)


def _named(scanner: Scanner, start: int) -> Build:
    if scanner.done:
        scanner.fail("end pattern with unmatched parenthesis", start)
    name = read_name(scanner, ">" if scanner.text[scanner.place - 1] == "<" else "'")
    return _capture(scanner.open_group(name), name)


def _conditional(numbers: tuple[int, ...]) -> Build:
    def build(span: tuple[int, int], body: tree.RegexNode) -> tree.RegexNode:
        if not isinstance(body, tree.Alternation):
            return tree.Conditional(*span, numbers, body, tree.Sequence(span[1], span[1], ()))
        return tree.Conditional(*span, numbers, body.branches[0], body.branches[1])

    return build


def _options(scanner: Scanner, flags: RegexFlags, start: int) -> Opening:
    """Read ``mix-mix`` and ``adu`` up to the colon or parenthesis."""
    on, first = True, True
    while not scanner.done:
        letter = scanner.next()
        if letter == ":" or (letter == ")" and not first):
            return Opening(start, flags, _isolated, rest=letter == ")")
        if letter == "-":
            on = False
        else:
            flags = _switched(flags, letter, on) or scanner.fail(_UNKNOWN, start)
        first = False
    return scanner.fail(_UNENDED, start)


_SWITCHES = {"m": "dotall", "i": "ignorecase", "x": "extended"}


def _switched(flags: RegexFlags, letter: str, on: bool) -> RegexFlags | None:
    """Turn one option on or off; None if there is no such option."""
    if letter in _SWITCHES:
        return replace(flags, **{_SWITCHES[letter]: on})
    if letter not in ("a", "d", "u") or not on:
        return None
    ascii_only = letter == "a"
    return replace(
        flags, ascii_types=letter != "u", ascii_brackets=ascii_only, ascii_bounds=ascii_only
    )
