"""Compiles a tree to the program of the machine."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar

from toolkit.languages.ruby_regex import folding, tree
from toolkit.languages.ruby_regex.ambiguity import first_codes
from toolkit.languages.ruby_regex.codes import EVERY, Codes, codes_of
from toolkit.languages.ruby_regex.engines import control_steps as control
from toolkit.languages.ruby_regex.engines import text_steps
from toolkit.languages.ruby_regex.engines.machine import Machine, Program, Step
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
        steps=_Assembler(expression).steps(),
        groups=expression.groups,
        names=dict(expression.names),
        first=None if first == EVERY else re.compile(printed_set(first)),
    )


class _Assembler:
    """Emits steps in order; a step that jumps ahead is filled in once its target is known."""

    def __init__(self, expression: tree.RegexTree) -> None:
        nodes = list(tree.walk(expression.body))
        self._body = expression.body
        self._lengths = Lengths.of(expression)
        self._called = {node.number for node in nodes if isinstance(node, tree.Call)}
        references = [node for node in nodes if isinstance(node, tree.BackReference)]
        self._levels = any(reference.level is not None for reference in references)
        self._entries: dict[int, int] = {}
        self._calls: list[tuple[int, int]] = []
        self._steps: list[Step] = []

    def steps(self) -> list[Step]:
        if 0 in self._called:
            self._subroutine(0, lambda: self._compile(self._body))
        else:
            self._compile(self._body)
        self._emit(control.accept())
        for place, number in self._calls:
            self._steps[place] = control.call(self._entries[number], place + 1)
        return self._steps

    @property
    def _here(self) -> int:
        return len(self._steps)

    def _emit(self, step: Step) -> None:
        self._steps.append(step)

    def _reserve(self) -> int:
        """Reserve the place of a step whose targets are not known yet."""
        self._steps.append(control.fail())
        return self._here - 1

    def _emit_next(self, make: Callable[..., Step], *arguments: object) -> None:
        """Emit a step that continues with the one after it."""
        self._emit(make(*arguments, self._here + 1))

    def _compile(self, node: tree.RegexNode) -> None:
        self._ADDERS[type(node)](self, node)

    def _text(self, node: tree.Literal) -> None:
        if node.fold:
            self._emit_next(text_steps.folded, folding.fold(node.characters))
        else:
            self._emit_next(text_steps.characters, node.characters)

    def _set(self, node: tree.Set) -> None:
        ways = [partial(self._emit_next, text_steps.member, node.codes)]
        ways += [partial(self._emit_next, text_steps.folded, folded) for folded in node.strings]
        self._either(ways)

    def _either(self, ways: Sequence[Callable[[], None]]) -> None:
        """Emit alternatives, to be tried in this order."""
        ends = []
        for way in ways[:-1]:
            fork = self._reserve()
            way()
            ends.append(self._reserve())
            self._steps[fork] = control.split(fork + 1, self._here)
        ways[-1]()
        for end in ends:
            self._steps[end] = control.jump(self._here)

    def _anchor(self, node: tree.Anchor) -> None:
        if node.at in (At.BOUND, At.NO_BOUND):
            word = text_steps.Members(WORD if node.ascii else bounding_word())
            self._emit_next(text_steps.anchor, partial(_bounds, word, node.at is At.BOUND))
        else:
            self._emit_next(text_steps.anchor, _PLACES[node.at])

    def _sequence(self, node: tree.Sequence) -> None:
        for item in node.items:
            self._compile(item)

    def _alternation(self, node: tree.Alternation) -> None:
        self._either([partial(self._compile, branch) for branch in node.branches])

    def _quantifier(self, node: tree.Quantifier) -> None:
        codes = _one_character(node.body)
        if codes is not None and node.greedy:
            self._emit_next(text_steps.members, codes, node.low, node.high)
        elif node.high == 0:
            over = self._reserve()
            self._compile(node.body)
            self._steps[over] = control.jump(self._here)
        else:
            self._times(node)
            self._more(node)

    def _times(self, node: tree.Quantifier) -> None:
        if node.low > 1:
            self._emit_next(control.enter, 0)
        top = self._here
        if node.low:
            self._compile(node.body)
        if node.low > 1:
            self._emit_next(control.counted, node.low, top)

    def _more(self, node: tree.Quantifier) -> None:
        if node.high is None:
            self._endlessly(node)
        elif node.high - node.low == 1:
            fork = self._reserve()
            self._compile(node.body)
            self._steps[fork] = _fork(node.greedy, fork + 1, self._here)
        elif node.high > node.low:
            self._emit_next(control.enter, 0)
            top = self._reserve()
            self._compile(node.body)
            self._emit(control.jump(top))
            self._steps[top] = control.optional(
                node.high - node.low, top + 1, self._here, greedy=node.greedy
            )

    def _endlessly(self, node: tree.Quantifier) -> None:
        top = self._reserve()
        empty = self._lengths.shortest(node.body) == 0
        if empty:
            self._emit_next(control.entered_at)
        self._compile(node.body)
        self._emit(control.leave_if_empty(top, self._here + 1) if empty else control.jump(top))
        self._steps[top] = _fork(node.greedy, top + 1, self._here)

    def _group(self, node: tree.Group) -> None:
        if node.number not in self._called:
            self._captured(node)
        else:
            self._subroutine(node.number, partial(self._captured, node))

    def _captured(self, node: tree.Group) -> None:
        self._emit_next(text_steps.opened, node.number)
        self._trace(node.number)
        self._compile(node.body)
        self._emit_next(text_steps.closed, node.number)
        self._trace(~node.number)

    def _trace(self, event: int) -> None:
        if self._levels:
            self._emit_next(text_steps.traced, event)

    def _subroutine(self, number: int, emit: Callable[[], None]) -> None:
        self._call(number)
        over = self._reserve()
        self._entries[number] = self._here
        self._trace(text_steps.CALLED)
        emit()
        self._trace(text_steps.RETURNED)
        self._emit(control.returned())
        self._steps[over] = control.jump(self._here)

    def _call(self, number: int) -> None:
        self._calls.append((self._reserve(), number))

    def _atomic(self, node: tree.Atomic) -> None:
        self._emit_next(control.guard)
        self._compile(node.body)
        self._emit(control.commit(self._here + 1, stay=True))

    def _look(self, node: tree.Look) -> None:
        start = self._reserve()
        if node.behind:
            self._behind(node.body)
        else:
            self._compile(node.body)
        if node.negative:
            self._emit(control.unwanted())
            self._steps[start] = control.unless(start + 1, self._here)
        else:
            self._emit(control.commit(self._here + 1, stay=False))
            self._steps[start] = control.guard(start + 1)

    def _behind(self, body: tree.RegexNode) -> None:
        branches = body.branches if isinstance(body, tree.Alternation) else (body,)
        self._either(
            [
                partial(self._ending_here, branch, width)
                for branch in branches
                for width in self._widths(branch)
            ]
        )

    def _widths(self, branch: tree.RegexNode) -> range:
        width = self._lengths.shortest(branch)
        folds = any(map(_folds, tree.walk(branch)))
        return range(width * _LONGEST_FOLD + 1) if folds else range(width, width + 1)

    def _ending_here(self, branch: tree.RegexNode, width: int) -> None:
        self._emit_next(control.back, width)
        self._compile(branch)
        self._emit_next(control.at_origin)

    def _back_reference(self, node: tree.BackReference) -> None:
        if node.level is None:
            self._emit_next(text_steps.backreference, node.numbers, node.fold)
        else:
            self._emit_next(text_steps.level_reference, node.numbers, node.level, node.fold)

    def _conditional(self, node: tree.Conditional) -> None:
        start = self._reserve()
        self._compile(node.yes)
        end = self._reserve()
        self._steps[start] = text_steps.captured(node.numbers, start + 1, self._here)
        self._compile(node.no)
        self._steps[end] = control.jump(self._here)

    def _absent(self, node: tree.Absent) -> None:
        start = self._reserve()
        self._compile(node.body)
        self._emit(control.accept())
        self._steps[start] = control.absent(start + 1, self._here)

    _ADDERS: ClassVar[dict[type[tree.RegexNode], Callable[..., None]]] = {
        tree.Absent: _absent,
        tree.Alternation: _alternation,
        tree.Anchor: _anchor,
        tree.Atomic: _atomic,
        tree.BackReference: _back_reference,
        tree.Call: lambda self, node: self._call(node.number),
        tree.GraphemeCluster: lambda self, node: self._compile(cluster()),
        tree.Conditional: _conditional,
        tree.Group: _group,
        tree.Keep: lambda self, node: self._emit_next(text_steps.keep),
        tree.Look: _look,
        tree.Quantifier: _quantifier,
        tree.Sequence: _sequence,
        tree.Set: _set,
        tree.Literal: _text,
    }


def _fork(greedy: bool, more: int, enough: int) -> Step:
    return control.split(more, enough) if greedy else control.split(enough, more)


def _one_character(node: tree.RegexNode) -> Codes | None:
    if isinstance(node, tree.Set) and not node.strings:
        return node.codes
    if isinstance(node, tree.Literal) and not node.fold and len(node.characters) == 1:
        return codes_of(node.characters)
    return None


def _folds(node: tree.RegexNode) -> bool:
    return node.fold if isinstance(node, tree.Literal) else bool(getattr(node, "strings", ()))


def _bounds(word: text_steps.Members, wanted: bool, machine: Machine) -> bool:
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
