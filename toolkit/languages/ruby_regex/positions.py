"""Glushkov's automaton of a loop, and the shortest text that it matches in two ways.

The automaton has the characters of the loop, and which may follow which.
It has no empty transitions, and two transitions where one character may follow another in two
ways, as in ``(?:a+)+``. So two runs over one text are two ways to match it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations_with_replacement, islice, product

from toolkit.languages.ruby_regex import tree
from toolkit.languages.ruby_regex.codes import NONE, Codes, codes_of
from toolkit.languages.ruby_regex.example_text import character_of

_MOST = 150
_MOST_PARTS = 2_000
_COPIES = 6
"""A part that is repeated more often is treated as unlimited."""
_MOST_TEXTS = 1_000
_MOST_WAYS = 2_000
_Pair = tuple[int, int, bool]
"""The positions of two runs over one text, and whether they have parted."""


class Unreadable(Exception):
    """The automaton would be too large, or the part matches no fixed set of texts."""


@dataclass(frozen=True, slots=True)
class _Part:
    """The positions where a part can begin and end, and whether it can be empty."""

    first: tuple[int, ...] = ()
    last: tuple[int, ...] = ()
    nullable: bool = True


@dataclass(slots=True)
class Loop:
    """The automaton of a body that is repeated. Positions are numbers."""

    codes: list[Codes] = field(default_factory=list)
    """The set of characters of each position."""
    follow: list[list[int]] = field(default_factory=list)
    """The positions that may come after each; twice, if there are two ways."""
    first: tuple[int, ...] = ()
    last: tuple[int, ...] = ()
    closed: set[int] = field(default_factory=set)
    """Positions where an atomic loop ends: nothing that it would take can come next."""
    parts: int = 0
    """The number of parts of the tree that were added, copies included."""

    def count(self) -> None:
        """Count one more part."""
        self.parts += 1
        if self.parts > _MOST_PARTS:
            raise Unreadable("too large")


def loop_of(body: tree.RegexNode) -> Loop:
    """Make the automaton of ``body`` repeated without end; raises `Unreadable`.

    Anchors and look-arounds are assumed to hold, and most atomic groups to be plain ones: so
    there may be fewer ways to match a text than runs.
    """
    loop = Loop()
    part = _add(loop, body)
    _join(loop, part.last, part.first)
    loop.first, loop.last = part.first, part.last
    return loop


def _add(loop: Loop, node: tree.RegexNode) -> _Part:
    loop.count()
    match node:
        case tree.Literal() | tree.Set():
            return _chain(loop, [_position(loop, codes) for codes in _characters(node)])
        case tree.Sequence():
            return _chain(loop, [_add(loop, item) for item in node.items])
        case tree.Alternation():
            return _either([_add(loop, branch) for branch in node.branches])
        case tree.Group():
            return _add(loop, node.body)
        case tree.Atomic():
            return _closed(loop, node.body)
        case tree.Quantifier():
            return _repeat(loop, node)
        case tree.Anchor() | tree.Look() | tree.Keep():
            return _Part()
    raise Unreadable(type(node).__name__)


def _characters(node: tree.Literal | tree.Set) -> list[Codes]:
    match node:
        case tree.Literal(fold=True):
            return [codes_of({c, c.lower(), c.upper()[:1]}) for c in node.characters]
        case tree.Literal():
            return [codes_of(c) for c in node.characters]
    return [node.codes]


def _position(loop: Loop, codes: Codes) -> _Part:
    if len(loop.codes) == _MOST:
        raise Unreadable("too large")
    loop.codes.append(codes)
    loop.follow.append([])
    here = (len(loop.codes) - 1,)
    return _Part(here, here, nullable=False)


def _join(loop: Loop, last: tuple[int, ...], first: tuple[int, ...]) -> None:
    for position in last:
        taken = loop.codes[position] if position in loop.closed else NONE
        loop.follow[position] += [after for after in first if loop.codes[after] - taken]


def _closed(loop: Loop, body: tree.RegexNode) -> _Part:
    """A part that can be left only where its last loop has matched all it can."""
    part = _add(loop, body)
    if all(node.greedy for node in tree.walk(body) if isinstance(node, tree.Quantifier)):
        loop.closed.update(position for position in part.last if position in loop.follow[position])
    return part


def _chain(loop: Loop, parts: list[_Part]) -> _Part:
    whole = _Part()
    for part in parts:
        _join(loop, whole.last, part.first)
        whole = _Part(
            whole.first + part.first if whole.nullable else whole.first,
            part.last + whole.last if part.nullable else part.last,
            whole.nullable and part.nullable,
        )
    return whole


def _either(parts: list[_Part]) -> _Part:
    return _Part(
        tuple(position for part in parts for position in part.first),
        tuple(position for part in parts for position in part.last),
        any(part.nullable for part in parts),
    )


def _repeat(loop: Loop, node: tree.Quantifier) -> _Part:
    if node.high is None or node.high > _COPIES:
        part = _add(loop, node.body)
        _join(loop, part.last, part.first)
        return _Part(part.first, part.last, part.nullable or node.low == 0)
    more = _Part()
    for _ in range(node.high - node.low):
        # Nested, as in (x(x)?)?: in sequence, the copies would be ambiguous among themselves.
        optional = _chain(loop, [_add(loop, node.body), more])
        more = _Part(optional.first, optional.last)
    return _chain(loop, [*(_add(loop, node.body) for _ in range(node.low)), more])


def ambiguous_turn(loop: Loop) -> str | None:
    """Find the shortest text of whole turns that two runs match.

    None without one within so many pairs of positions.
    """
    last = set(loop.last)
    texts: dict[_Pair, str] = {}
    pending: deque[_Pair] = deque()

    @lru_cache(None)
    def common(first: int, second: int) -> str | None:
        return character_of(loop.codes[first] & loop.codes[second])

    def visit(pairs: Iterator[_Pair], text: str) -> None:
        for pair in islice(pairs, _MOST_WAYS):
            character = common(*pair[:2])
            if character is not None and pair not in texts:
                texts[pair] = text + character
                pending.append(pair)

    visit(_together(loop.first), "")
    while pending and len(texts) < _MOST_TEXTS:
        one, other, parted = pair = pending.popleft()
        if parted and one in last and other in last:
            return texts[pair]
        if parted:
            ways = product(loop.follow[one], loop.follow[other])
            visit(((*way, True) for way in ways), texts[pair])
        else:
            visit(_together(loop.follow[one]), texts[pair])
    return None


def _together(positions: tuple[int, ...] | list[int]) -> Iterator[_Pair]:
    """Both runs continue from one position, by the same transition or by two."""
    ways = combinations_with_replacement(range(len(positions)), 2)
    return ((positions[one], positions[other], one != other) for one, other in ways)
