"""Short texts that parts of an expression match.

They are guesses: anchors, look-arounds and references are ignored.
"""

from __future__ import annotations

from toolkit.languages.ruby_regex import tree
from toolkit.languages.ruby_regex.codes import Codes

_LONGEST = 1_000
_READABLE = "a0A _-./:=," + "".join(map(chr, range(33, 127)))


def character_of(codes: Codes) -> str | None:
    """Return a character of a set, a printable one if it has any.

    >>> character_of(Codes.of((48, 57))), character_of(Codes(()))
    ('0', None)
    """
    if not codes:
        return None
    readable = (character for character in _READABLE if ord(character) in codes)
    return next(readable, chr(codes.ranges[0][0]))


def sample(node: tree.RegexNode) -> str:
    """Return a short text that ``node`` matches."""
    match node:
        case tree.Literal():
            return node.characters
        case tree.Set():
            return character_of(node.codes) or ""
        case tree.Sequence():
            return "".join(map(sample, node.items))
        case tree.Alternation() | tree.Conditional():
            return min(map(sample, tree.children(node)), key=len)
        case tree.Quantifier():
            return _repeated(sample(node.body), node.low)
        case tree.Group() | tree.Atomic():
            return sample(node.body)
    return ""


def _repeated(text: str, times: int) -> str:
    return text * min(times, _LONGEST // max(1, len(text)))


def around(node: tree.RegexNode, target: tree.RegexNode) -> tuple[str, str]:
    """Return the texts before and after ``target`` in a text that ``node`` matches."""
    if node is target:
        return "", ""
    if isinstance(node, tree.Sequence):
        at = next(i for i, item in enumerate(node.items) if _holds(item, target))
        before, after = around(node.items[at], target)
        left, right = (map(sample, items) for items in (node.items[:at], node.items[at + 1 :]))
        return "".join(left) + before, after + "".join(right)
    below = next(child for child in tree.children(node) if _holds(child, target))
    before, after = around(below, target)
    again = _repeated(sample(below), node.low - 1) if isinstance(node, tree.Quantifier) else ""
    return before, after + again


def _holds(node: tree.RegexNode, target: tree.RegexNode) -> bool:
    return any(part is target for part in tree.walk(node))
