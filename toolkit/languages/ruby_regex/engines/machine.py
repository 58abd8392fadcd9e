"""A backtracking machine that keeps all of Ruby's meaning, whatever it costs.

It is a hundred times slower than the standard library's engine, and serves what that one
cannot keep or must not be trusted with: it looks at the clock as it goes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import monotonic
from typing import Any, TypeAlias

from toolkit.languages.ruby_regex.errors import RegexTimeout

FAIL = -1
ACCEPT = -2

Frames: TypeAlias = "tuple[Any, Frames] | None"
"""What has been entered and not left: counts, positions, returns; the last one first."""

Trail: TypeAlias = "tuple[tuple[int, int], Trail] | None"
"""Captures and calls so far, the last one first, where levels are asked for."""

State: TypeAlias = tuple[int, int, int, tuple[tuple[int, ...], Frames, Trail, int]]
"""Where to go on, at which place, down to which place, and with what."""

_UNTIL_CLOCK = 500


class Found:
    """Where an expression matched, in the manner of `re.Match`."""

    __slots__ = ("_captures", "_names", "string")

    def __init__(self, text: str, captures: tuple[int, ...], names: dict[str, int]) -> None:
        self.string, self._captures, self._names = text, captures, names

    def span(self, group: int | str = 0, /) -> tuple[int, int]:
        """Character offsets, or (-1, -1) where the group took no part."""
        number = self._names[group] if isinstance(group, str) else group
        start, end = self._captures[2 * number : 2 * number + 2]
        return (start, end) if end >= 0 else (-1, -1)

    def group(self, group: int | str = 0, /) -> str | None:
        """The text, or None where the group took no part."""
        start, end = self.span(group)
        return None if end < 0 else self.string[start:end]

    def groups(self) -> tuple[str | None, ...]:
        """The texts of all groups, the first being group 1."""
        return tuple(self.group(number) for number in range(1, len(self._captures) // 2))


@dataclass(frozen=True, slots=True)
class Program:
    """What a machine runs."""

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
        self.until = None if deadline is None else monotonic() + deadline
        self.captures: tuple[int, ...] = (-1, -1) * (program.groups + 1)
        self.stack: list[State] = []
        self.frames: Frames = None
        self.trail: Trail = None
        self.pos = self.keep = 0
        self._left = _UNTIL_CLOCK

    def search(self) -> Found | None:
        """Find the first match from the origin on."""
        for place in self._places():
            captures = self.attempt(place)
            if captures is not None:
                return Found(self.text, captures, self.program.names)
        return None

    def _places(self) -> Iterable[int]:
        if self.program.first is None:
            return range(self.origin, len(self.text) + 1)
        return (found.start() for found in self.program.first.finditer(self.text, self.origin))

    def attempt(self, start: int) -> tuple[int, ...] | None:
        """Match at ``start`` only: the captures, or None."""
        self.pos = self.keep = start
        self.frames = self.trail = None
        captures = self.captures
        self.stack.clear()
        if not self.run(0):
            self.captures = captures
            return None
        return (min(self.keep, self.pos), self.pos, *self.captures[2:])

    def run(self, counter: int) -> bool:
        """Take steps until the program accepts, or nothing is left to try."""
        steps, stack = self.steps, self.stack
        bottom = len(stack)
        while True:
            counter = steps[counter](self)
            if counter < 0:
                if counter == ACCEPT:
                    return True
                if len(stack) == bottom:
                    return False
                counter = self._resume()
            self._left -= 1
            if not self._left:
                self._look_at_the_clock()

    def choose(self, counter: int, lowest: int | None = None) -> None:
        """Remember to go on at ``counter``, from here or any place down to ``lowest``."""
        low = self.pos if lowest is None else lowest
        state = self.captures, self.frames, self.trail, self.keep
        self.stack.append((counter, self.pos, low, state))

    def _resume(self) -> int:
        counter, self.pos, low, state = self.stack.pop()
        if low < self.pos:
            self.stack.append((counter, self.pos - 1, low, state))
        self.captures, self.frames, self.trail, self.keep = state
        return counter

    def end_of(self, counter: int, start: int) -> int | None:
        """Where a part of the program that accepts by itself ends if it begins at ``start``."""
        pos, state = self.pos, (self.captures, self.frames, self.trail, self.keep)
        height = len(self.stack)
        self.pos = start
        end = self.pos if self.run(counter) else None
        del self.stack[height:]
        self.pos = pos
        self.captures, self.frames, self.trail, self.keep = state
        return end

    def _look_at_the_clock(self) -> None:
        self._left = _UNTIL_CLOCK
        if self.until is not None and monotonic() > self.until:
            raise RegexTimeout


Step: TypeAlias = Callable[[Machine], int]
"""Acts on the machine and names the next step, or `FAIL` or `ACCEPT`."""
