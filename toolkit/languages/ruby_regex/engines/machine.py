"""A backtracking machine that keeps all of Ruby's meaning, whatever it costs.

It is a hundred times slower than the standard library's engine, and runs what that one
cannot express, or could run past a deadline with: it checks the clock as it goes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import thread_time
from typing import Any, TypeAlias

from toolkit.languages.ruby_regex.errors import RegexTimeout

Step: TypeAlias = "Callable[[Machine], Step | None]"
"""Acts on the machine and returns the next step, or None where it fails."""

Frames: TypeAlias = Any
"""The stack of what was entered and not left: counts, positions, returns; newest first.

A pair of the newest and the rest, or None.
"""

Trail: TypeAlias = "tuple[tuple[int, int], Trail] | None"
"""Captures and calls so far, newest first, if the expression has references with levels."""

State: TypeAlias = tuple[Step, int, int, tuple[tuple[int, ...], Frames, Trail, int]]
"""A choice to come back to: step, highest and lowest position, and the state to restore."""

_STEPS_PER_CHECK = 500


def accept(machine: Machine) -> None:
    """The step after the last; it is not taken."""


class MachineMatch:
    """A match, with the interface of `re.Match`."""

    __slots__ = ("_captures", "_names", "string")

    def __init__(self, text: str, captures: tuple[int, ...], names: dict[str, int]) -> None:
        self.string, self._captures, self._names = text, captures, names

    def span(self, group: int | str = 0, /) -> tuple[int, int]:
        """Return character offsets, or (-1, -1) if the group took no part."""
        number = self._names[group] if isinstance(group, str) else group
        start, end = self._captures[2 * number : 2 * number + 2]
        return (start, end) if end >= 0 else (-1, -1)

    def group(self, group: int | str = 0, /) -> str | None:
        """Return the text, or None if the group took no part."""
        start, end = self.span(group)
        return None if end < 0 else self.string[start:end]

    def groups(self) -> tuple[str | None, ...]:
        """Return the texts of all groups, the first being group 1."""
        return tuple(self.group(number) for number in range(1, len(self._captures) // 2))


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled expression."""

    start: Step
    groups: int
    names: dict[str, int]
    first: re.Pattern[str] | None
    """A character that a match must begin with, where one is needed."""


class Machine:
    """One search in one text. Steps of the program read and change it."""

    def __init__(
        self,
        program: Program,
        text: str,
        origin: int = 0,
        deadline: float | None = None,
        most: float = math.inf,
    ) -> None:
        """Prepare a search.

        Args:
            program: The compiled expression.
            text: The text to search.
            origin: The offset where the search begins.
            deadline: CPU seconds after which it ends; None for no end.
            most: Steps after which it ends, give or take 500.
        """
        self.program, self.text, self.origin = program, text, origin
        self.until = None if deadline is None else thread_time() + deadline
        self.most = most
        self.captures: tuple[int, ...] = (-1, -1) * (program.groups + 1)
        self.stack: list[State] = []
        self.frames: Frames = None
        self.trail: Trail = None
        self.pos = self.keep = 0
        self._checked, self._left = 0, _STEPS_PER_CHECK

    def search(self) -> MachineMatch | None:
        """Find the first match from the origin on.

        Raises:
            RegexTimeout: The search has taken too long.
        """
        for place in self._places():
            captures = self.attempt(place)
            if captures is not None:
                return MachineMatch(self.text, captures, self.program.names)
        return None

    @property
    def taken(self) -> int:
        """The steps that the search has taken so far."""
        return self._checked + _STEPS_PER_CHECK - self._left

    def _places(self) -> Iterable[int]:
        if self.program.first is None:
            return range(self.origin, len(self.text) + 1)
        return (found.start() for found in self.program.first.finditer(self.text, self.origin))

    def attempt(self, start: int) -> tuple[int, ...] | None:
        """Match at ``start`` only; return the captures, or None."""
        self.pos = self.keep = start
        self.frames = self.trail = None
        captures = self.captures
        self.stack.clear()
        if not self.run(self.program.start):
            self.captures = captures
            return None
        return (min(self.keep, self.pos), self.pos, *self.captures[2:])

    def run(self, step: Step) -> bool:
        """Run steps until one accepts, or no choice is left."""
        stack = self.stack
        bottom = len(stack)
        while step is not accept:
            following = step(self)
            if following is None:
                if len(stack) == bottom:
                    return False
                following = self._backtrack()
            step = following
            self._left -= 1
            if not self._left:
                self._check_limits()
        return True

    def choose(self, step: Step, lowest: int | None = None) -> None:
        """Push a choice: continue with ``step``, from here or any position down to ``lowest``.

        One entry serves for a whole greedy run of characters, which is given back one by one.
        """
        low = self.pos if lowest is None else lowest
        state = self.captures, self.frames, self.trail, self.keep
        self.stack.append((step, self.pos, low, state))

    def _backtrack(self) -> Step:
        step, self.pos, low, state = self.stack.pop()
        if low < self.pos:
            self.stack.append((step, self.pos - 1, low, state))
        self.captures, self.frames, self.trail, self.keep = state
        return step

    def end_of(self, step: Step, start: int) -> int | None:
        """Run a part that ends by accepting from ``start``; return its end, or None."""
        pos, state = self.pos, (self.captures, self.frames, self.trail, self.keep)
        height = len(self.stack)
        self.pos = start
        end = self.pos if self.run(step) else None
        del self.stack[height:]
        self.pos = pos
        self.captures, self.frames, self.trail, self.keep = state
        return end

    def _check_limits(self) -> None:
        self._checked += _STEPS_PER_CHECK
        self._left = _STEPS_PER_CHECK
        late = self.until is not None and thread_time() > self.until
        if late or self._checked >= self.most:
            raise RegexTimeout
