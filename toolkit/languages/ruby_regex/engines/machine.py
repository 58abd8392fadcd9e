"""A backtracking machine that keeps all of Ruby's meaning, whatever it costs.

It is a hundred times slower than the standard library's engine, and runs what that one
cannot express, or could run past a deadline with: it checks the clock as it goes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import thread_time
from typing import Any, TypeAlias

from toolkit.languages.ruby_regex.errors import RegexTimeout

FAIL = -1
ACCEPT = -2

Frames: TypeAlias = "tuple[Any, Frames] | None"
"""The stack of what was entered and not left: counts, positions, returns; newest first."""

Trail: TypeAlias = "tuple[tuple[int, int], Trail] | None"
"""Captures and calls so far, newest first, if the expression has references with levels."""

State: TypeAlias = tuple[int, int, int, tuple[tuple[int, ...], Frames, Trail, int]]
"""A choice to come back to: step, highest and lowest position, and the state to restore."""

_STEPS_PER_CHECK = 500


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
    """The compiled steps of an expression."""

    steps: list[Step]
    groups: int
    names: dict[str, int]
    first: re.Pattern[str] | None
    """A character that a match must begin with, where one is needed."""


class Machine:
    """One search in one text. Steps of the program read and change it."""

    __slots__ = (
        "_left",
        "captures",
        "frames",
        "keep",
        "origin",
        "pos",
        "program",
        "stack",
        "steps",
        "text",
        "trail",
        "until",
    )

    def __init__(self, program: Program, text: str, origin: int, deadline: float | None) -> None:
        self.program, self.steps = program, program.steps
        self.text, self.origin = text, origin
        self.until = None if deadline is None else thread_time() + deadline
        self.captures: tuple[int, ...] = (-1, -1) * (program.groups + 1)
        self.stack: list[State] = []
        self.frames: Frames = None
        self.trail: Trail = None
        self.pos = self.keep = 0
        self._left = _STEPS_PER_CHECK

    def search(self) -> MachineMatch | None:
        """Find the first match from the origin on."""
        for place in self._places():
            captures = self.attempt(place)
            if captures is not None:
                return MachineMatch(self.text, captures, self.program.names)
        return None

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
        if not self.run(0):
            self.captures = captures
            return None
        return (min(self.keep, self.pos), self.pos, *self.captures[2:])

    def run(self, counter: int) -> bool:
        """Run steps until the program accepts, or no choice is left."""
        steps, stack = self.steps, self.stack
        bottom = len(stack)
        while True:
            counter = steps[counter](self)
            if counter < 0:
                if counter == ACCEPT:
                    return True
                if len(stack) == bottom:
                    return False
                counter = self._backtrack()
            self._left -= 1
            if not self._left:
                self._check_deadline()

    def choose(self, counter: int, lowest: int | None = None) -> None:
        """Push a choice: continue at ``counter``, from here or any position down to ``lowest``.

        One entry serves for a whole greedy run of characters, which is given back one by one.
        """
        low = self.pos if lowest is None else lowest
        state = self.captures, self.frames, self.trail, self.keep
        self.stack.append((counter, self.pos, low, state))

    def _backtrack(self) -> int:
        counter, self.pos, low, state = self.stack.pop()
        if low < self.pos:
            self.stack.append((counter, self.pos - 1, low, state))
        self.captures, self.frames, self.trail, self.keep = state
        return counter

    def end_of(self, counter: int, start: int) -> int | None:
        """Run a part that ends with its own accept from ``start``; return its end, or None."""
        pos, state = self.pos, (self.captures, self.frames, self.trail, self.keep)
        height = len(self.stack)
        self.pos = start
        end = self.pos if self.run(counter) else None
        del self.stack[height:]
        self.pos = pos
        self.captures, self.frames, self.trail, self.keep = state
        return end

    def _check_deadline(self) -> None:
        self._left = _STEPS_PER_CHECK
        if self.until is not None and thread_time() > self.until:
            raise RegexTimeout


Step: TypeAlias = Callable[[Machine], int]
"""Acts on the machine and names the next step, or `FAIL` or `ACCEPT`."""
