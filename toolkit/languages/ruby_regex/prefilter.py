"""A literal that every match contains, so that texts without it need no search.

Joni does the same. That is why some expressions with catastrophic backtracking do not time out
there, and to tell which, its choice among several literals has to be the same, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.languages.ruby_regex import tree
from toolkit.languages.ruby_regex.lengths import LONG, Lengths


@dataclass(frozen=True, slots=True)
class _Need:
    text: str
    distance: int
    """The largest distance from the start of the match."""


def required_text(expression: tree.RegexTree) -> str:
    r"""Return the literal that Joni picks of those that every match contains; empty without any.

    A literal at a limited distance from the start is preferred, then a longer one, then the
    first.
    """
    needs = list(_needs(expression.body, Lengths.of(expression)))
    if not needs:
        return ""
    return max(needs, key=lambda need: (need.distance < LONG, _worth(need))).text


def _worth(need: _Need) -> float:
    return 0 if need.distance >= LONG else len(need.text) / (need.distance + 1)


def _needs(node: tree.RegexNode, lengths: Lengths, distance: int = 0) -> Iterator[_Need]:
    match node:
        case tree.Literal(fold=False):
            yield _Need(node.characters, distance)
        case tree.Group() | tree.Atomic():
            yield from _needs(node.body, lengths, distance)
        case tree.Quantifier() if node.low > 0:
            yield from _needs(node.body, lengths, distance)
        case tree.Sequence():
            for item in node.items:
                yield from _needs(item, lengths, distance)
                distance = min(LONG, distance + lengths.slack(item))
