"""What a text must hold to be matched at all, so that others are refused at a glance.

Joni does the same, which is why some expressions that could try for ever do not.
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
    """How many places it may be at, counted from the start of the match."""


def required_text(expression: tree.RegexTree) -> str:
    r"""The text that every match contains, as Joni picks it; empty if there is none.

    One whose distance from the start is limited goes first, then the longer one, then the
    first: a text that lacks another one is tried in vain by Joni too.
    """
    needs = list(_needs(expression.body, Lengths.of(expression)))
    if not needs:
        return ""
    return max(needs, key=lambda need: (need.distance < LONG, _worth(need))).text


def _worth(need: _Need) -> float:
    return 0 if need.distance >= LONG else len(need.text) / (need.distance + 1)


def _needs(node: tree.Node, lengths: Lengths, distance: int = 0) -> Iterator[_Need]:
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
