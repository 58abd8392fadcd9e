"""The number of characters that a part of an expression matches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from toolkit.languages.ruby_regex import tree

LONG = 10**9
"""The limit: longer lengths are this."""
_RANGES: Mapping[type[tree.RegexNode], tuple[int, int]] = {
    **dict.fromkeys((tree.Anchor, tree.Look, tree.Keep), (0, 0)),
    **dict.fromkeys((tree.BackReference, tree.Absent), (0, LONG)),
    tree.GraphemeCluster: (1, LONG),
    tree.Set: (1, 1),
}


@dataclass(slots=True)
class Lengths:
    """Measures the parts of one expression; calls are as long as what they call."""

    groups: dict[int, tree.RegexNode]
    _calling: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, expression: tree.RegexTree) -> Lengths:
        groups = (node for node in tree.walk(expression.body) if isinstance(node, tree.Group))
        return cls({0: expression.body, **{group.number: group.body for group in groups}})

    def shortest(self, node: tree.RegexNode) -> int:
        """Return the fewest characters that ``node`` can match."""
        return min(LONG, self._range(node)[0])

    def slack(self, node: tree.RegexNode) -> int:
        """Return by how much the longest match of ``node`` can exceed the shortest."""
        low, high = self._range(node)
        return LONG if high >= LONG else high - low

    def fixed(self, node: tree.RegexNode) -> int | None:
        """Return the number of characters that ``node`` matches, or None if it varies."""
        low, high = self._range(node)
        return low if low == high < LONG and self._steady(node) else None

    def _steady(self, node: tree.RegexNode) -> bool:
        """Return whether no quantifier is variable, not even one of an empty body."""
        for part in tree.walk(node):
            if isinstance(part, tree.Quantifier) and part.low != part.high:
                return False
            if isinstance(part, tree.Call) and not self._steady(self.groups[part.number]):
                return False
        return True

    def _range(self, node: tree.RegexNode) -> tuple[int, int]:
        match node:
            case tree.Literal():
                return len(node.characters), len(node.characters)
            case tree.Quantifier():
                low, high = self._range(node.body)
                most = LONG if node.high is None else node.high
                return min(LONG, low * node.low), min(LONG, high * most)
            case tree.Call():
                return self._called(node.number)
            case _ if type(node) in _RANGES:
                return _RANGES[type(node)]
        ranges = [self._range(child) for child in tree.children(node)]
        lows, highs = [low for low, _ in ranges], [high for _, high in ranges]
        if isinstance(node, tree.Alternation | tree.Conditional):
            return min(lows), max(highs)
        return min(LONG, sum(lows)), min(LONG, sum(highs))

    def _called(self, number: int) -> tuple[int, int]:
        if number in self._calling or number not in self.groups:
            return 0, LONG
        self._calling.add(number)
        lengths = self._range(self.groups[number])
        self._calling.remove(number)
        return lengths
