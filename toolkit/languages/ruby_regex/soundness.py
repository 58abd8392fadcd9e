"""Errors that only the whole expression shows, in the order in which Joni reports them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import NoReturn

from toolkit.languages.ruby_regex import tree
from toolkit.languages.ruby_regex.errors import RegexError
from toolkit.languages.ruby_regex.folding import fold, folds_to
from toolkit.languages.ruby_regex.lengths import Lengths

_BEHIND = (
    *(tree.Alternation, tree.Call, tree.Keep, tree.Literal),
    *(tree.Quantifier, tree.Sequence, tree.Set),
)
_NOT_BEHIND = (tree.At.TEXT_END, tree.At.LAST_LINE_END)


def examine(expression: tree.RegexTree) -> None:
    """Raise `RegexError` at the first error."""
    lengths = Lengths.of(expression)
    calls = [node for node in tree.walk(expression.body) if isinstance(node, tree.Call)]
    for call in calls:
        if call.number > expression.groups:
            _fail(f"undefined group <{call.number}> reference", call)
    if calls:
        _refuse_endless(lengths)
    unicode = not expression.pattern.isascii() or "\\p{" in expression.pattern.lower()
    for node in tree.walk(expression.body):
        _check(node, expression.groups, lengths, unicode)


def _fail(message: str, node: tree.RegexNode) -> NoReturn:
    raise RegexError(message, node.start, node.end)


def _check(node: tree.RegexNode, groups: int, lengths: Lengths, unicode: bool) -> None:
    if isinstance(node, tree.BackReference | tree.Conditional):
        if any(number > groups for number in node.numbers):
            _fail("invalid backref number/name", node)
    elif isinstance(node, tree.Look) and node.behind:
        branches = node.body.branches if isinstance(node.body, tree.Alternation) else (node.body,)
        allowed = all(_may_stand_behind(part, node) for part in tree.walk(node.body))
        even = all(lengths.fixed(branch) is not None for branch in branches)
        if not (allowed and even) or (unicode and _changes_length(node.body)):
            _fail("invalid pattern in look-behind", node)


def _changes_length(body: tree.RegexNode) -> bool:
    """Return whether a part of a look-behind has another length in another case.

    A body or branch that is one such part is allowed. Ruby refuses others if it compiles for
    Unicode, else only for a text that is not ASCII.
    """
    branches = body.branches if isinstance(body, tree.Alternation) else ()
    whole = (body, *(branch for branch in branches if isinstance(branch, tree.Literal)))
    return any(_has_longer_case(part) and part not in whole for part in tree.walk(body))


def _has_longer_case(node: tree.RegexNode) -> bool:
    if isinstance(node, tree.Set):
        return bool(node.strings)
    if not isinstance(node, tree.Literal) or not node.fold:
        return False
    pairs = (node.characters[place : place + 2] for place in range(len(node.characters) - 1))
    return any(folds_to(fold(pair)) for pair in pairs)


def _may_stand_behind(node: tree.RegexNode, look: tree.Look) -> bool:
    if isinstance(node, tree.Group):
        return not look.negative
    if isinstance(node, tree.Anchor):
        return node.at not in _NOT_BEHIND
    return isinstance(node, _BEHIND) or (isinstance(node, tree.Look) and node.behind)


def _refuse_endless(lengths: Lengths) -> None:
    for number, body in lengths.groups.items():
        if _Descent(lengths, number).into(body, at_start=True) is not _End.SURE:
            _fail("never ending recursion", body)


class _End(IntEnum):
    """The ways to leave a part of a group, as to recursion into this group."""

    SURE = 0
    NEVER = 1
    LOOPS = 2
    """It always calls the group again, without having matched a character."""


@dataclass(slots=True)
class _Descent:
    """A walk through a group and all it calls, looking for calls of the group itself."""

    lengths: Lengths
    wanted: int
    inside: set[int] = field(default_factory=set)

    def into(self, node: tree.RegexNode, *, at_start: bool) -> _End:
        match node:
            case tree.Sequence():
                return self._sequence(node, at_start)
            case tree.Alternation() | tree.Conditional():
                return self._alternatives(tree.children(node), at_start)
            case tree.Quantifier():
                end = self.into(node.body, at_start=at_start)
                return _End.SURE if node.low == 0 and end is _End.NEVER else end
            case tree.Call() | tree.Group():
                return self._group(node.number, at_start)
        ends = [self.into(child, at_start=at_start) for child in tree.children(node)]
        return max(ends, default=_End.SURE)

    def _sequence(self, node: tree.Sequence, at_start: bool) -> _End:
        worst = _End.SURE
        for item in node.items:
            end = self.into(item, at_start=at_start)
            if end is _End.LOOPS:
                return end
            worst = max(worst, end)
            at_start = at_start and self.lengths.shortest(item) == 0
        return worst

    def _alternatives(self, branches: tuple[tree.RegexNode, ...], at_start: bool) -> _End:
        ends = [self.into(branch, at_start=at_start) for branch in branches]
        return _End.LOOPS if _End.LOOPS in ends else min(ends)

    def _group(self, number: int, at_start: bool) -> _End:
        if number == self.wanted:
            return _End.LOOPS if at_start else _End.NEVER
        if number in self.inside:
            return _End.SURE
        self.inside.add(number)
        end = self.into(self.lengths.groups[number], at_start=at_start)
        self.inside.remove(number)
        return end
