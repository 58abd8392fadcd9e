"""The shortest text that a loop can match in two ways."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations_with_replacement, islice, product

from toolkit.languages.ruby_regex.example_text import character_of
from toolkit.languages.ruby_regex.positions import Loop

_MOST = 1_000
_MOST_WAYS = 2_000
_Pair = tuple[int, int, bool]
"""The positions of two runs over one text, and whether they have parted."""


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
    while pending and len(texts) < _MOST:
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
