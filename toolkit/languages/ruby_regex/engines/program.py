"""Compiles a tree to steps of the machine, each of which knows the steps that can follow it.

The steps of a construct that loops or remembers something are defined where the construct is
compiled; those that need no more than their arguments are in `steps`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar

from toolkit.languages.ruby_regex import folding, tree
from toolkit.languages.ruby_regex.ambiguity import first_codes
from toolkit.languages.ruby_regex.codes import EVERY, Codes, codes_of
from toolkit.languages.ruby_regex.engines import steps
from toolkit.languages.ruby_regex.engines.machine import Machine, Program, Step, accept
from toolkit.languages.ruby_regex.engines.sre import printed_set
from toolkit.languages.ruby_regex.grapheme_clusters import cluster
from toolkit.languages.ruby_regex.lengths import Lengths
from toolkit.languages.ruby_regex.properties import WORD, bounding_word
from toolkit.languages.ruby_regex.tree import At

_LONGEST_FOLD = 3
"""The most characters that are equal to one in another case."""


def assemble(expression: tree.RegexTree) -> Program:
    """Compile for the machine. Every expression can be."""
    first = first_codes(expression)
    return Program(
        start=_Compiler(expression).start(),
        groups=expression.groups,
        names=dict(expression.names),
        first=None if first == EVERY else re.compile(printed_set(first)),
    )


class _Compiler:
    """Compiles from the end to the beginning.

    Each method returns the step that enters a node, given the step ``then`` that follows it.
    """

    def __init__(self, expression: tree.RegexTree) -> None:
        nodes = list(tree.walk(expression.body))
        self._body = expression.body
        self._lengths = Lengths.of(expression)
        self._called = {node.number for node in nodes if isinstance(node, tree.Call)}
        references = [node for node in nodes if isinstance(node, tree.BackReference)]
        self._levels = any(reference.level is not None for reference in references)
        self._entries: dict[int, Step] = {}

    def start(self) -> Step:
        if 0 in self._called:
            return self._subroutine(0, partial(self._compile, self._body), accept)
        return self._compile(self._body, accept)

    def _compile(self, node: tree.RegexNode, then: Step) -> Step:
        return self._COMPILED[type(node)](self, node, then)

    def _text(self, node: tree.Literal, then: Step) -> Step:
        if node.fold:
            return partial(steps.folded, folding.fold(node.characters), then)
        return partial(steps.characters, node.characters, then)

    def _set(self, node: tree.Set, then: Step) -> Step:
        member = partial(steps.member, steps.Members(node.codes), then)
        return _either([member, *(partial(steps.folded, text, then) for text in node.strings)])

    def _anchor(self, node: tree.Anchor, then: Step) -> Step:
        if node.at in (At.BOUND, At.NO_BOUND):
            word = steps.Members(WORD if node.ascii else bounding_word())
            return partial(steps.anchor, partial(_bounds, word, node.at is At.BOUND), then)
        return partial(steps.anchor, _PLACES[node.at], then)

    def _sequence(self, node: tree.Sequence, then: Step) -> Step:
        for item in reversed(node.items):
            then = self._compile(item, then)
        return then

    def _alternation(self, node: tree.Alternation, then: Step) -> Step:
        return _either([self._compile(branch, then) for branch in node.branches])

    def _quantifier(self, node: tree.Quantifier, then: Step) -> Step:
        codes = _one_character(node.body)
        if codes is not None and node.greedy:
            return partial(steps.members, steps.Members(codes), node.low, node.high, then)
        if node.high == 0:
            self._compile(node.body, then)  # a group in it can be called
            return then
        return self._times(node, self._more(node, then))

    def _times(self, node: tree.Quantifier, then: Step) -> Step:
        """Compile the turns that are required."""
        if node.low < 2:
            return self._compile(node.body, then) if node.low else then

        def enter(machine: Machine) -> Step:
            machine.frames = (1, machine.frames)
            return turn

        def counted(machine: Machine) -> Step:
            count, outer = machine.frames
            machine.frames = outer if count == node.low else (count + 1, outer)
            return then if count == node.low else turn

        turn = self._compile(node.body, counted)
        return enter

    def _more(self, node: tree.Quantifier, then: Step) -> Step:
        """Compile the turns that are possible beyond those."""
        if node.high is None:
            return self._endlessly(node, then)
        most = node.high - node.low
        if most < 2:
            ways = [self._compile(node.body, then), then] if most else [then]
            return _either(ways if node.greedy else ways[::-1])

        def enter(machine: Machine) -> Step:
            machine.frames = (0, machine.frames)
            return optional

        def optional(machine: Machine) -> Step:
            count, outer = machine.frames
            more = (count + 1, outer)
            if count == most:
                machine.frames = outer
                return then
            machine.frames = outer if node.greedy else more
            machine.choose(then if node.greedy else turn)
            machine.frames = more if node.greedy else outer
            return turn if node.greedy else then

        turn = self._compile(node.body, optional)
        return enter

    def _endlessly(self, node: tree.Quantifier, then: Step) -> Step:
        def loop(machine: Machine) -> Step:
            machine.choose(then if node.greedy else turn)
            return turn if node.greedy else then

        def enter(machine: Machine) -> Step:
            machine.frames = (machine.pos, machine.frames)
            return body

        def leave_if_empty(machine: Machine) -> Step:
            # A turn that matched the empty text would be followed by endlessly many.
            start, machine.frames = machine.frames
            return then if start == machine.pos else loop

        empty = self._lengths.shortest(node.body) == 0
        body = self._compile(node.body, leave_if_empty if empty else loop)
        turn = enter if empty else body
        return loop

    def _group(self, node: tree.Group, then: Step) -> Step:
        if node.number not in self._called:
            return self._captured(node, then)
        return self._subroutine(node.number, partial(self._captured, node), then)

    def _captured(self, node: tree.Group, then: Step) -> Step:
        closed = partial(steps.closed, node.number, self._traced(~node.number, then))
        body = self._traced(node.number, self._compile(node.body, closed))
        return partial(steps.opened, node.number, body)

    def _traced(self, event: int, then: Step) -> Step:
        return partial(steps.traced, event, then) if self._levels else then

    def _subroutine(self, number: int, body: Callable[[Step], Step], then: Step) -> Step:
        returned = self._traced(steps.RETURNED, steps.returned)
        self._entries[number] = self._traced(steps.CALLED, body(returned))
        return self._call(number, then)

    def _call(self, number: int, then: Step) -> Step:
        def call(machine: Machine) -> Step:
            machine.frames = (then, machine.frames)
            return entries[number]

        entries = self._entries
        return call

    def _atomic(self, node: tree.Atomic, then: Step) -> Step:
        return partial(steps.guard, self._compile(node.body, partial(steps.commit, then)))

    def _look(self, node: tree.Look, then: Step) -> Step:
        end = steps.unwanted if node.negative else partial(steps.rewind, then)
        body = self._behind(node.body, end) if node.behind else self._compile(node.body, end)
        return partial(steps.unless, body, then) if node.negative else partial(steps.guard, body)

    def _behind(self, body: tree.RegexNode, then: Step) -> Step:
        end = partial(steps.at_origin, then)
        branches = body.branches if isinstance(body, tree.Alternation) else (body,)
        return _either(
            [
                partial(steps.back, width, self._compile(branch, end))
                for branch in branches
                for width in self._widths(branch)
            ]
        )

    def _widths(self, branch: tree.RegexNode) -> range:
        width = self._lengths.shortest(branch)
        folds = any(map(_folds, tree.walk(branch)))
        return range(width * _LONGEST_FOLD + 1) if folds else range(width, width + 1)

    def _back_reference(self, node: tree.BackReference, then: Step) -> Step:
        if node.level is None:
            return partial(steps.backreference, node.numbers, node.fold, then)
        return partial(steps.level_reference, node.numbers, node.level, node.fold, then)

    def _conditional(self, node: tree.Conditional, then: Step) -> Step:
        yes, no = self._compile(node.yes, then), self._compile(node.no, then)
        return partial(steps.captured, node.numbers, yes, no)

    def _absent(self, node: tree.Absent, then: Step) -> Step:
        return partial(steps.absent, self._compile(node.body, accept), then)

    _COMPILED: ClassVar[dict[type[tree.RegexNode], Callable[..., Step]]] = {
        tree.Absent: _absent,
        tree.Alternation: _alternation,
        tree.Anchor: _anchor,
        tree.Atomic: _atomic,
        tree.BackReference: _back_reference,
        tree.Call: lambda self, node, then: self._call(node.number, then),
        tree.GraphemeCluster: lambda self, node, then: self._compile(cluster(), then),
        tree.Conditional: _conditional,
        tree.Group: _group,
        tree.Keep: lambda self, node, then: partial(steps.keep, then),
        tree.Look: _look,
        tree.Quantifier: _quantifier,
        tree.Sequence: _sequence,
        tree.Set: _set,
        tree.Literal: _text,
    }


def _either(ways: Sequence[Step]) -> Step:
    """Try the ways in this order."""
    *others, step = ways
    for way in reversed(others):
        step = partial(steps.fork, way, step)
    return step


def _one_character(node: tree.RegexNode) -> Codes | None:
    if isinstance(node, tree.Set) and not node.strings:
        return node.codes
    if isinstance(node, tree.Literal) and not node.fold and len(node.characters) == 1:
        return codes_of(node.characters)
    return None


def _folds(node: tree.RegexNode) -> bool:
    return node.fold if isinstance(node, tree.Literal) else bool(getattr(node, "strings", ()))


def _bounds(word: steps.Members, wanted: bool, machine: Machine) -> bool:
    text, pos = machine.text, machine.pos
    before = pos > 0 and word[text[pos - 1]]
    after = pos < len(text) and word[text[pos]]
    return (before != after) == wanted


def _line_start(machine: Machine) -> bool:
    text, pos = machine.text, machine.pos
    return pos == 0 or (text[pos - 1] == "\n" and pos < len(text))


_PLACES: dict[At, Callable[[Machine], bool]] = {
    At.TEXT_START: lambda machine: machine.pos == 0,
    At.TEXT_END: lambda machine: machine.pos == len(machine.text),
    At.LAST_LINE_END: lambda machine: machine.text[machine.pos : machine.pos + 2] in ("", "\n"),
    At.LINE_START: _line_start,
    At.LINE_END: lambda machine: machine.text[machine.pos : machine.pos + 1] in ("", "\n"),
    At.SEARCH_START: lambda machine: machine.pos == machine.origin,
}
