"""An upper bound for the steps of a backtracking engine that finds no match.

The bound may be far too high, never too low, since a search below it runs without a
deadline. A loop that can end at several
places of a text multiplies the ways by the length of the text; a loop around something that
can match the same text in two ways doubles them with each turn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import reduce

from toolkit.languages.ruby_regex import tree
from toolkit.languages.ruby_regex.codes import ASCII, EVERY, NONE, Codes, codes_of
from toolkit.languages.ruby_regex.lengths import Lengths


@dataclass(frozen=True, slots=True)
class Effort:
    """At most ``ways * length ** power`` steps; an infinite power is an explosion."""

    power: float = 0
    ways: float = 1

    def __mul__(self, other: Effort) -> Effort:
        return Effort(self.power + other.power, min(_ENDLESS, self.ways * other.ways))

    def __or__(self, other: Effort) -> Effort:
        return Effort(max(self.power, other.power), max(self.ways, other.ways))

    def __add__(self, other: Effort) -> Effort:
        return Effort(max(self.power, other.power), min(_ENDLESS, self.ways + other.ways))

    def longest(self, steps: float) -> int:
        """The length of text up to which no more than ``steps`` are taken."""
        if self.ways > steps or self.power == math.inf:
            return 0
        return int((steps / self.ways) ** (1 / self.power)) if self.power else _MANY


_MANY = 10**9
_ENDLESS = 1e300
_STRAIGHT = Effort()
_BY_LENGTH = Effort(power=1)
_EXPLOSION = Effort(power=math.inf)


def effort(expression: tree.RegexTree) -> Effort:
    """Bound the steps of a search: the places to begin at, times what each may take."""
    scan = _BY_LENGTH if _starts_text(expression.body) else Effort(power=2)
    return scan * _effort(expression.body, NONE)


def first_codes(expression: tree.RegexTree) -> Codes:
    """The characters that a match may begin with, if it takes any."""
    return (
        EVERY
        if Lengths.of(expression).shortest(expression.body) == 0
        else _first(expression.body, EVERY)
    )


def _starts_text(node: tree.RegexNode) -> bool:
    while isinstance(node, tree.Sequence | tree.Group) and tree.children(node):
        node = tree.children(node)[0]
    return isinstance(node, tree.Anchor) and node.at is tree.At.TEXT_START


def _effort(node: tree.RegexNode, follow: Codes) -> Effort:
    """The effort of ``node`` where what comes next begins with one of ``follow``."""
    match node:
        case tree.Sequence():
            return _sequence(node, follow)
        case tree.Alternation() | tree.Conditional():
            return _either(tree.children(node), follow)
        case tree.Quantifier():
            return _repeated(node, follow)
        case tree.Group() | tree.Atomic():
            once = isinstance(node, tree.Atomic) and _is_simple_loop(node.body)
            return _STRAIGHT if once else _effort(node.body, follow)
        case tree.Look():
            return _effort(node.body, NONE)
    return _EXPLOSION if isinstance(node, tree.Call | tree.Absent) else _STRAIGHT


def _is_simple_loop(node: tree.RegexNode) -> bool:
    return isinstance(node, tree.Quantifier) and isinstance(node.body, tree.Set)


def _sequence(node: tree.Sequence, follow: Codes) -> Effort:
    total = _STRAIGHT
    for item in reversed(node.items):
        total *= _effort(item, follow)
        follow = _first(item, follow)
    return total


def _either(branches: tuple[tree.RegexNode, ...], follow: Codes) -> Effort:
    efforts = [_effort(branch, follow) for branch in branches]
    met = NONE
    for branch in branches:
        first = _first(branch, follow)
        if met & first:
            return reduce(Effort.__add__, efforts)
        met |= first
    return reduce(Effort.__or__, efforts)


def _repeated(node: tree.Quantifier, follow: Codes) -> Effort:
    first = _first(node.body, follow if _may_be_empty(node.body) else NONE)
    inner = _effort(node.body, first | follow)
    doubtful = bool(first & follow)
    if node.high == 0:
        return _STRAIGHT
    if node.high is None:
        if inner != _STRAIGHT:
            return _EXPLOSION
        return _BY_LENGTH if doubtful else _STRAIGHT
    turns = Effort(inner.power * node.high, _power(inner.ways, node.high))
    return turns * Effort(ways=node.high - node.low + 1 if doubtful else 1)


def _power(ways: float, turns: int) -> float:
    return _ENDLESS if ways > 1 and turns * math.log(ways) > 600 else ways**turns


def _may_be_empty(node: tree.RegexNode) -> bool:
    return Lengths({}).shortest(node) == 0


def _first(node: tree.RegexNode, follow: Codes) -> Codes:
    """The characters that ``node`` and what comes next may begin with."""
    match node:
        case tree.Literal():
            return _first_of_text(node) if node.characters else follow
        case tree.Set():
            return EVERY if node.strings else node.codes
        case tree.Sequence():
            return reduce(lambda codes, item: _first(item, codes), reversed(node.items), follow)
        case tree.Quantifier():
            more = _first(node.body, follow) if node.high != 0 else NONE
            return more | follow if node.low == 0 else more
        case tree.Alternation() | tree.Conditional():
            return reduce(Codes.__or__, (_first(way, follow) for way in tree.children(node)))
        case tree.Group() | tree.Atomic():
            return _first(node.body, follow)
    return _first_of_place(node, follow)


def _first_of_place(node: tree.RegexNode, follow: Codes) -> Codes:
    if isinstance(node, tree.Look) and not node.behind:
        return follow | _first(node.body, NONE)
    return follow if isinstance(node, tree.Look | tree.Anchor | tree.Keep) else EVERY


def _first_of_text(node: tree.Literal) -> Codes:
    character = node.characters[0]
    if not node.fold:
        return codes_of(character)
    if not character.isascii():
        return EVERY
    return codes_of((character.lower(), character.upper())) | ~ASCII
