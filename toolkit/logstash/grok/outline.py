"""The coarse structure of a regular expression: its items, branches and groups.

Enough to find where an expression can be cut. It is not validated: an invalid expression has
some outline too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from toolkit.languages.bounds import DEEPEST

_LOOKS = ("(?=", "(?!", "(?<=", "(?<!", "(?~", "(?#", "(?(")
_INNER_CLASS = r"\[(?:\\.|\[(?:\\.|[^]\\])*+\]|[^]\\])*+\]"
_PARENTHESIS = re.compile(r"\\.|[()]", re.DOTALL)
_TOKEN = re.compile(
    rf"""(?P<opening>\((?:\?(?:
        <(?![=!])[^>]*> | '[^']*' | <?[=!] | [:>~] | \#[^)]* | [a-z-]*: | [a-z-]*(?=\)) | \(
    ))?)
    | (?P<bar>\|)
    | (?:
        (?P<closing>\))
        | \[(?:\\.|{_INNER_CLASS}|[^]\\])*+(?:\]|\Z)
        | \\(?:[kg](?:<[^>]*>|'[^']*') | [pPxu]\{{[^}}]*\}} | x[0-9a-fA-F]{{1,2}} | u\w{{4}} | .)
        | .
    )
    (?P<quantifier>(?:[?*+]|\{{(?P<low>\d*)(?:,\d*)?\}}(?<!\{{\}}))[?+]*)?""",
    re.DOTALL | re.VERBOSE,
)


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
    opened: list[re.Match[str]] = []
    end = len(text) if end is None else end
    for token in _TOKEN.finditer(text, start, end):
        if token["opening"]:
            opened.append(token)
        elif opened:
            if token["closing"]:
                opening = opened.pop()
                if not opened:
                    branches[-1].append(_item(opening, token))
        elif token["bar"]:
            branches.append([])
        else:
            branches[-1].append(_item(token, token))
    if opened:
        branches[-1].append(Item(opened[0].start(), end, required=True))
    return branches


def _item(first: re.Match[str], last: re.Match[str]) -> Item:
    is_group = first is not last and not first[0].startswith(_LOOKS)
    body = (first.end(), last.start()) if is_group else None
    repeated = last["quantifier"]
    required = not repeated or repeated[0] == "+" or last["low"] not in (None, "", "0")
    return Item(first.start(), last.end(), required, body)


def is_deep(text: str) -> bool:
    """Return True if groups nest too deeply to be compiled, and so to be outlined."""
    depth = 0
    for parenthesis in _PARENTHESIS.finditer(text):
        depth += {"(": 1, ")": -1}.get(parenthesis[0], 0)
        if depth > DEEPEST:
            return True
    return False
