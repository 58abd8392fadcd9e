"""The coarse structure of a regular expression: its items, branches and groups.

Enough to find where an expression can be cut. It is not validated: an invalid expression has
some outline too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from toolkit.languages.bounds import DEEPEST

_OPENING = re.compile(
    r"\((?:\?(?:<(?![=!])[^>]*>|'[^']*'|<?[=!]|[:>~]|#[^)]*|[a-z-]*:|[a-z-]*(?=\))|\())?"
)
_LOOKS = ("(?=", "(?!", "(?<=", "(?<!", "(?~", "(?#", "(?(")
_ESCAPE = re.compile(
    r"\\(?:[kg](?:<[^>]*>|'[^']*')|[pPxu]\{[^}]*\}|x[0-9a-fA-F]{1,2}|u\w{4}|.)", re.S
)
_PARENTHESIS = re.compile(r"\\.|[()]", re.DOTALL)
_QUANTIFIER = re.compile(r"(?:[?*+]|\{(?P<low>\d*)(?:,\d*)?\}(?<!\{\}))[?+]*")


@dataclass(frozen=True, slots=True)
class Item:
    """A character, a class, an escape or a group, with its quantifier."""

    start: int
    end: int
    required: bool
    """True if it must match at least once."""
    body: tuple[int, int] | None = None
    """The span of the inside of a group; None for lookarounds and the like."""


def outline(text: str, start: int = 0, end: int | None = None) -> list[list[Item]]:
    r"""Return the items of each branch.

    Args:
        text: The expression.
        start: Offset of the part to outline.
        end: Offset of its end; None for that of the text.

    >>> [[(item.start, item.end) for item in branch] for branch in outline(r"a+(b|\d)?|[^\]]")]
    [[(0, 2), (2, 9)], [(10, 15)]]
    """
    branches: list[list[Item]] = [[]]
    at, end = start, len(text) if end is None else end
    while at < end:
        if text[at] == "|":
            branches.append([])
            at += 1
            continue
        item = _item(text, at, end)
        branches[-1].append(item)
        at = item.end
    return branches


def _item(text: str, at: int, end: int) -> Item:
    body = None
    match text[at]:
        case "\\":
            escape = _ESCAPE.match(text, at, end)
            stop = escape.end() if escape else end
        case "[":
            stop = _class_end(text, at, end)
        case "(":
            inside = _opening_end(text, at, end)
            stop = _group_end(text, inside, end)
            if not text.startswith(_LOOKS, at):
                body = (inside, max(inside, stop - 1))
        case _:
            stop = at + 1
    quantifier = _QUANTIFIER.match(text, stop, end)
    if quantifier is None:
        return Item(at, stop, True, body)
    required = quantifier[0][0] == "+" or quantifier["low"] not in (None, "", "0")
    return Item(at, quantifier.end(), required, body)


def _opening_end(text: str, at: int, end: int) -> int:
    opening = _OPENING.match(text, at, end)
    return opening.end() if opening else at + 1


def _class_end(text: str, at: int, end: int) -> int:
    depth = 0
    while at < end:
        match text[at]:
            case "\\":
                at += 1
            case "[":
                depth += 1
            case "]":
                depth -= 1
                if depth == 0:
                    return at + 1
        at += 1
    return end


def _group_end(text: str, at: int, end: int) -> int:
    depth = 1
    while at < end:
        match text[at]:
            case ")":
                at, depth = at + 1, depth - 1
                if not depth:
                    return at
            case "\\":
                at += 2
            case "[":
                at = _class_end(text, at, end)
            case "(":
                at, depth = _opening_end(text, at, end), depth + 1
            case _:
                at += 1
    return end


def is_deep(text: str) -> bool:
    """Return True if groups nest too deeply to be compiled, and so to be outlined."""
    depth = 0
    for parenthesis in _PARENTHESIS.finditer(text):
        depth += {"(": 1, ")": -1}.get(parenthesis[0], 0)
        if depth > DEEPEST:
            return True
    return False
