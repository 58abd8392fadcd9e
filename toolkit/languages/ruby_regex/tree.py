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
class Anchor(Node):
    """A position; ``ascii`` restricts words at word boundaries to ASCII."""

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
    """No backtracking into the body: ``(?>…)``, and the quantifiers ``*+ ++ ?+``."""

    body: Node


@dataclass(frozen=True, slots=True)
class Look(Node):
    """The body matches from here on (up to here, if ``behind``), or does not (``negative``)."""

    body: Node
    behind: bool
    negative: bool


@dataclass(frozen=True, slots=True)
class BackReference(Node):
    r"""The capture of the last of these groups that has one and fits.

    ``level`` compares with the depth of calls, as in ``\k<n+1>``.
    """

    numbers: tuple[int, ...]
    fold: bool
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Call(Node):
    r"""The group is matched here, too: ``\g<n>``. Number 0 is the whole expression."""

    number: int


@dataclass(frozen=True, slots=True)
class Conditional(Node):
    """``yes`` if one of these groups has captured, else ``no``: ``(?(n)…|…)``."""

    numbers: tuple[int, ...]
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class Absent(Node):
    """The longest text that contains no match of the body, and shorter ones: ``(?~…)``."""

    body: Node


@dataclass(frozen=True, slots=True)
class Keep(Node):
    r"""The reported match starts here: ``\K``."""


@dataclass(frozen=True, slots=True)
class GraphemeCluster(Node):
    r"""One extended grapheme cluster: ``\X``."""


@dataclass(frozen=True, slots=True)
class RegexTree:
    """A whole expression: its tree, how many groups it has, and their names."""

    pattern: str
    body: Node
    groups: int
    names: tuple[tuple[str, int], ...]


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly below ``node``, in their order."""
    match node:
        case Sequence(items=nodes) | Alternation(branches=nodes):
            return nodes
        case Quantifier() | Group() | Atomic() | Look() | Absent():
            return (node.body,)
        case Conditional():
            return (node.yes, node.no)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """Yield every node of the tree, from the top, in their order."""
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(reversed(children(node)))
