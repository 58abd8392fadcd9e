"""The tree of an expression. Each node knows the span of the pattern it was written in.

Options such as ``(?i)`` are not in the tree: they are settled in the nodes they concern.
Names are settled too: references and calls hold numbers of groups.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from toolkit.languages.ruby_regex.codes import Codes


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression, written at ``start`` to ``end`` of the pattern."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """Characters as they are, or in any case if ``fold``."""

    characters: str
    fold: bool


@dataclass(frozen=True, slots=True)
class Set(Node):
    """One character of ``codes``; where letter case is nothing also one of ``strings``."""

    codes: Codes
    strings: tuple[str, ...] = ()


class At(Enum):
    """A place that an anchor asks for."""

    TEXT_START = "\\A"
    TEXT_END = "\\z"
    LAST_LINE_END = "\\Z"
    LINE_START = "^"
    LINE_END = "$"
    SEARCH_START = "\\G"
    BOUND = "\\b"
    NO_BOUND = "\\B"


@dataclass(frozen=True, slots=True)
class Anchor(Node):
    """A place; ``ascii`` restricts what is a word at word boundaries."""

    at: At
    ascii: bool = False


@dataclass(frozen=True, slots=True)
class Sequence(Node):
    """One after the other; nothing at all if empty."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Alternation(Node):
    """The first branch that lets the rest match."""

    branches: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Quantifier(Node):
    """The body ``low`` to ``high`` times (None: without end)."""

    body: Node
    low: int
    high: int | None
    greedy: bool = True


@dataclass(frozen=True, slots=True)
class Group(Node):
    """A capture, counted from 1."""

    body: Node
    number: int
    name: str | None


@dataclass(frozen=True, slots=True)
class Atomic(Node):
    """What matched is not tried otherwise: ``(?>…)``, and the quantifiers ``*+ ++ ?+``."""

    body: Node


@dataclass(frozen=True, slots=True)
class Look(Node):
    """The body matches from here (or up to here, if ``behind``), or does not."""

    body: Node
    behind: bool
    negative: bool


@dataclass(frozen=True, slots=True)
class BackReference(Node):
    r"""What one of these groups captured, the last one that did and fits.

    ``level`` compares with the depth of calls, as in ``\k<n+1>``.
    """

    numbers: tuple[int, ...]
    fold: bool
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Call(Node):
    r"""The group is matched here as well: ``\g<n>``. Number 0 is the whole expression."""

    number: int


@dataclass(frozen=True, slots=True)
class Conditional(Node):
    """One or the other, as one of these groups has captured or not: ``(?(n)…|…)``."""

    numbers: tuple[int, ...]
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class Absent(Node):
    """The longest text that contains no match of the body, and shorter ones: ``(?~…)``."""

    body: Node


@dataclass(frozen=True, slots=True)
class Keep(Node):
    r"""The match is said to start here: ``\K``."""


@dataclass(frozen=True, slots=True)
class GraphemeCluster(Node):
    r"""What a reader takes for one character: ``\X``."""


@dataclass(frozen=True, slots=True)
class RegexTree:
    """A whole expression: its tree, how many groups it has, and their names."""

    pattern: str
    body: Node
    groups: int
    names: tuple[tuple[str, int], ...]


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below ``node``, as they are written."""
    match node:
        case Sequence(items=nodes) | Alternation(branches=nodes):
            return nodes
        case Quantifier() | Group() | Atomic() | Look() | Absent():
            return (node.body,)
        case Conditional():
            return (node.yes, node.no)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """Every node of the tree, from the top, as written."""
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(reversed(children(node)))
