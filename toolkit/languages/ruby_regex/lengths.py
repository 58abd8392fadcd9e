"""The number of characters that a part of an expression matches."""

from __future__ import annotations

from dataclasses import dataclass, field

from toolkit.languages.ruby_regex import tree

LONG = 10**9
"""The limit: longer lengths are this."""


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
            case tree.Set():
                return 1, 1
            case tree.Anchor() | tree.Look() | tree.Keep():
                return 0, 0
            case tree.Group() | tree.Atomic():
                return self._range(node.body)
            case tree.Sequence():
                return self._total(node.items)
            case tree.Quantifier():
                low, high = self._range(node.body)
                most = LONG if node.high is None else node.high
                return min(LONG, low * node.low), min(LONG, high * most)
        return self._rarer(node)

    def _rarer(self, node: tree.RegexNode) -> tuple[int, int]:
        match node:
            case tree.Alternation():
                return self._either(node.branches)
            case tree.Conditional():
                return self._either((node.yes, node.no))
            case tree.Call():
                return self._called(node.number)
            case tree.GraphemeCluster():
                return 1, LONG
            case tree.BackReference() | tree.Absent():
                return 0, LONG
        raise AssertionError(node)

    def _total(self, nodes: tuple[tree.RegexNode, ...]) -> tuple[int, int]:
        ranges = [self._range(node) for node in nodes]
        return min(LONG, sum(r[0] for r in ranges)), min(LONG, sum(r[1] for r in ranges))

    def _either(self, nodes: tuple[tree.RegexNode, ...]) -> tuple[int, int]:
        ranges = [self._range(node) for node in nodes]
        return min(r[0] for r in ranges), max(r[1] for r in ranges)

    def _called(self, number: int) -> tuple[int, int]:
        if number in self._calling or number not in self.groups:
            return 0, LONG
        self._calling.add(number)
        lengths = self._range(self.groups[number])
        self._calling.remove(number)
        return lengths
