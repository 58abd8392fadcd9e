"""Loops with catastrophic backtracking, and a text that shows it.

A loop that can match one text in two ways can match n copies of it in 2ⁿ, and an engine that
backtracks tries them all before it fails. `positions` finds such a text in the automaton of the
loop, which ignores what surrounds it: so a loop is reported only if the steps of the machine
do grow exponentially with each copy.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

from toolkit.languages.ruby_regex import tree
from toolkit.languages.ruby_regex.engines.machine import Machine, Program
from toolkit.languages.ruby_regex.engines.program import assemble
from toolkit.languages.ruby_regex.errors import RegexTimeout
from toolkit.languages.ruby_regex.example_text import around
from toolkit.languages.ruby_regex.positions import Unreadable, ambiguous_turn, loop_of
from toolkit.languages.ruby_regex.prefilter import required_text

_MANY = 20
"""A loop of so many turns is treated as unlimited."""
_MISMATCHES = ("!", " ", "\n", '"', "  ", "\0", "a", "0")
_MOST_STEPS = 400_000
_LONGEST = 500
"""A step may read the whole text."""
_MOST_IN_ALL = 3_000_000
_FEW = 40_000
_MOST_TURNS = 24
_MOST_LOOPS = 40
_DEGREE = 8
"""Steps that grow like this power of the length count as an explosion."""
_EARLY = 8
_MIN_DEGREE_AT = {_EARLY: 2.2, 12: 4.5}


@dataclass(frozen=True, slots=True)
class Explosion:
    """A loop, and the text on which it explodes: ``before``, ``turn`` many times, ``after``."""

    loop: tree.Quantifier
    before: str
    turn: str
    after: str
    cured: bool
    """True if ``(?>…)`` around the loop ends it, and the same texts still match."""

    def text(self, turns: int) -> str:
        """Return the text with so many turns."""
        return self.before + self.turn * turns + self.after


def explosions(expression: tree.RegexTree) -> Iterator[Explosion]:
    """Find the loops that explode, outer ones before those in them."""
    trials: _Trials | None = None
    loops = (node for node in tree.walk(expression.body) if isinstance(node, tree.Quantifier))
    for loop in islice(filter(_is_candidate, loops), _MOST_LOOPS):
        if turn := _turn(loop):
            trials = trials or _Trials(assemble(expression), required_text(expression))
            before, rest = around(expression.body, loop)
            suspects = (Explosion(loop, before, turn, after, cured=False) for after in _ends(rest))
            found = next(filter(trials.explodes, suspects), None)
            if found:
                yield replace(found, cured=_is_cured(expression, found, rest))


def _is_candidate(loop: tree.Quantifier) -> bool:
    many = loop.high is None or loop.high >= _MANY
    return many and not isinstance(loop.body, tree.Set | tree.Literal)


def _turn(loop: tree.Quantifier) -> str | None:
    try:
        return ambiguous_turn(loop_of(loop.body))
    except Unreadable:
        return None


def _ends(rest: str) -> Iterator[str]:
    """Yield texts that may let a match fail: a mismatch after the turns, or after the rest."""
    for mismatch in _MISMATCHES:
        yield from dict.fromkeys((mismatch, mismatch + rest, rest + mismatch))


@dataclass(slots=True)
class _Trials:
    """Searches in texts that grow, and the steps that are left for all of them."""

    program: Program
    required: str
    left: int = _MOST_IN_ALL

    def explodes(self, suspect: Explosion) -> bool:
        first = suspect.text(1)
        if self.left <= 0 or len(first) > _LONGEST or self.required not in first:
            return False
        steps = cache(lambda turns: self._steps(suspect.text(turns)))
        # Most suspects end here, after two searches.
        if max(steps(_EARLY - 1), steps(_EARLY)) < _MOST_STEPS and _is_slow(steps, _EARLY):
            return False
        high = False
        for turns in range(2, _MOST_TURNS):
            fast = _degree(steps, turns) >= _DEGREE
            if fast and (high or steps(turns) >= _MOST_STEPS):
                return True
            if _is_slow(steps, turns) or steps(turns) >= _MOST_STEPS:
                return high
            high = fast
        return False

    def _steps(self, text: str) -> int:
        taken, _ = _search(self.program, text, max(1, min(_MOST_STEPS, self.left)))
        self.left -= taken
        return taken


def _degree(steps: Callable[[int], int], turns: int) -> float:
    """Return the power of the length with which the steps grow."""
    return turns * math.log(steps(turns) / steps(turns - 1))


def _is_slow(steps: Callable[[int], int], turns: int) -> bool:
    return _degree(steps, turns) < _MIN_DEGREE_AT.get(turns, 0)


def _search(program: Program, text: str, most: int) -> tuple[int, tuple[int, int] | None]:
    """Return the steps of a search, up to ``most``, and the span that it found within them."""
    machine = Machine(program, text, most=most)
    try:
        found = machine.search()
    except RegexTimeout:
        return most, None
    return max(1, machine.taken), found.span() if found else None


def _is_cured(expression: tree.RegexTree, found: Explosion, rest: str) -> bool:
    cured = assemble(replace(expression, body=_with_atomic(expression.body, found.loop)))
    right = found.before + found.turn * 2 + rest
    spans = {_search(each, right, _FEW)[1] for each in (assemble(expression), cured)}
    kept = len(spans) == 1 and None not in spans
    return kept and _search(cured, found.text(_MOST_TURNS), _FEW)[0] < _FEW


def _with_atomic(node: tree.RegexNode, loop: tree.RegexNode) -> tree.RegexNode:
    if node is loop:
        return tree.Atomic(loop.start, loop.end, loop)
    match node:
        case tree.Sequence():
            return replace(node, items=tuple(_with_atomic(item, loop) for item in node.items))
        case tree.Alternation():
            return replace(node, branches=tuple(_with_atomic(b, loop) for b in node.branches))
        case tree.Quantifier() | tree.Group() | tree.Atomic() | tree.Look() | tree.Absent():
            return replace(node, body=_with_atomic(node.body, loop))
    return node
