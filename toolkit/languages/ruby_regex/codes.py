"""Sets of characters, kept as ranges of code points."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

LAST = 0x10FFFF


@dataclass(frozen=True, slots=False)
class Codes:
    """A set of code points: ascending, disjoint, inclusive ranges.

    >>> Codes.of((97, 122)) & ~codes_of("aeiou") | codes_of("_")
    Codes('_b-df-hj-np-tv-z')
    """

    ranges: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, *ranges: tuple[int, int]) -> Codes:
        """Make a set of ranges in any order, which may overlap."""
        merged: list[tuple[int, int]] = []
        for low, high in sorted(ranges):
            if merged and low <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
            else:
                merged.append((low, high))
        return cls(tuple(merged))

    def __or__(self, other: Codes) -> Codes:
        return Codes.of(*self.ranges, *other.ranges)

    def __and__(self, other: Codes) -> Codes:
        return ~(~self | ~other)

    def __sub__(self, other: Codes) -> Codes:
        return self & ~other

    def __invert__(self) -> Codes:
        gaps, start = [], 0
        for low, high in self.ranges:
            if start < low:
                gaps.append((start, low - 1))
            start = high + 1
        if start <= LAST:
            gaps.append((start, LAST))
        return Codes(tuple(gaps))

    def __contains__(self, code: int) -> bool:
        place = bisect_right(self._starts, code)
        return place > 0 and code <= self.ranges[place - 1][1]

    def __bool__(self) -> bool:
        return bool(self.ranges)

    def __repr__(self) -> str:
        return f"Codes({''.join(_show(*span) for span in self.ranges)!r})"

    @cached_property
    def _starts(self) -> list[int]:
        return [low for low, _ in self.ranges]

    @property
    def single(self) -> int | None:
        """The one member of a set of one."""
        if len(self.ranges) == 1 and self.ranges[0][0] == self.ranges[0][1]:
            return self.ranges[0][0]
        return None


def _show(low: int, high: int) -> str:
    return chr(low) if low == high else f"{chr(low)}-{chr(high)}"


def codes_of(characters: Iterable[str]) -> Codes:
    """Make the set of these characters."""
    return Codes.of(*((ord(character),) * 2 for character in characters))


NONE = Codes(())
EVERY = Codes(((0, LAST),))
ASCII = Codes(((0, 0x7F),))
