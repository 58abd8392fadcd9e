"""The tree of an expression. Each node knows the span of the pattern it was written in.

Options such as ``(?i)`` are not in the tree but in the nodes that they apply to. Names are
resolved: references and calls have numbers of groups.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from toolkit.languages.ruby_regex.codes import Codes


@dataclass(frozen=True, slots=True)
class RegexNode:
    """A part of an expression, written at ``start`` to ``end`` of the pattern."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Literal(RegexNode):
    """Characters as they are, or in any case if ``fold``."""

    characters: str
    fold: bool


@dataclass(frozen=True, slots=True)
class Set(RegexNode):
    """One character of ``codes``; if case is ignored, also one of ``strings``."""

    codes: Codes
    strings: tuple[str, ...] = ()


class At(Enum):
    """The position that an anchor requires."""

    TEXT_START = "\\A"
    TEXT_END = "\\z"
    LAST_LINE_END = "\\Z"
    LINE_START = "^"
    LINE_END = "$"
    SEARCH_START = "\\G"
    BOUND = "\\b"
    NO_BOUND = "\\B"


@dataclass(frozen=True, slots=True)
class Anchor(RegexNode):
    """A position; ``ascii`` restricts words at word boundaries to ASCII."""

    at: At
    ascii: bool = False


@dataclass(frozen=True, slots=True)
class Sequence(RegexNode):
    """One after the other; nothing at all if empty."""

    items: tuple[RegexNode, ...]


@dataclass(frozen=True, slots=True)
class Alternation(RegexNode):
    """The first branch that lets the rest match."""

    branches: tuple[RegexNode, ...]


@dataclass(frozen=True, slots=True)
class Quantifier(RegexNode):
    """The body ``low`` to ``high`` times (None: without end)."""

    body: RegexNode
    low: int
    high: int | None
    greedy: bool = True


@dataclass(frozen=True, slots=True)
class Group(RegexNode):
    """A capture, counted from 1."""

    body: RegexNode
    number: int
    name: str | None


@dataclass(frozen=True, slots=True)
class Atomic(RegexNode):
    """No backtracking into the body: ``(?>…)``, and the quantifiers ``*+ ++ ?+``."""

    body: RegexNode


@dataclass(frozen=True, slots=True)
class Look(RegexNode):
    """The body matches from here on (up to here, if ``behind``), or does not (``negative``)."""

    body: RegexNode
    behind: bool
    negative: bool


@dataclass(frozen=True, slots=True)
class BackReference(RegexNode):
    r"""The capture of the last of these groups that has one and fits.

    ``level`` compares with the depth of calls, as in ``\k<n+1>``.
    """

    numbers: tuple[int, ...]
    fold: bool
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Call(RegexNode):
    r"""The group is matched here, too: ``\g<n>``. Number 0 is the whole expression."""

    number: int


@dataclass(frozen=True, slots=True)
class Conditional(RegexNode):
    """``yes`` if one of these groups has captured, else ``no``: ``(?(n)…|…)``."""

    numbers: tuple[int, ...]
    yes: RegexNode
    no: RegexNode


@dataclass(frozen=True, slots=True)
class Absent(RegexNode):
    """The longest text that contains no match of the body, and shorter ones: ``(?~…)``."""

    body: RegexNode


@dataclass(frozen=True, slots=True)
class Keep(RegexNode):
    r"""The reported match starts here: ``\K``."""


@dataclass(frozen=True, slots=True)
class GraphemeCluster(RegexNode):
    r"""One extended grapheme cluster: ``\X``."""


@dataclass(frozen=True, slots=True)
class RegexTree:
    """A whole expression: its tree, how many groups it has, and their names."""

    pattern: str
    body: RegexNode
    groups: int
    names: tuple[tuple[str, int], ...]


def children(node: RegexNode) -> tuple[RegexNode, ...]:
    """Return the nodes directly below ``node``, in their order."""
    match node:
        case Sequence(items=nodes) | Alternation(branches=nodes):
            return nodes
        case Quantifier() | Group() | Atomic() | Look() | Absent():
            return (node.body,)
        case Conditional():
            return (node.yes, node.no)
    return ()


def walk(node: RegexNode) -> Iterator[RegexNode]:
    """Yield every node of the tree, from the top, in their order."""
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(reversed(children(node)))
