"""The steps of the machine that read text or set captures."""

from __future__ import annotations

from collections.abc import Callable

from toolkit.languages.ruby_regex.codes import Codes
from toolkit.languages.ruby_regex.engines.machine import FAIL, Machine, Step, Trail
from toolkit.languages.ruby_regex.folding import fold

CALLED, RETURNED = 0, -1
"""Events of a trail; others are the number of a group that opens, or its complement."""


class Members(dict[str, bool]):
    """Membership of characters in a set, computed once each."""

    def __init__(self, codes: Codes) -> None:
        super().__init__()
        self._codes = codes

    def __missing__(self, character: str) -> bool:
        self[character] = ord(character) in self._codes
        return self[character]


def characters(wanted: str, then: int) -> Step:
    """Match the text ``wanted``."""
    width = len(wanted)

    def step(machine: Machine) -> int:
        if machine.text.startswith(wanted, machine.pos):
            machine.pos += width
            return then
        return FAIL

    return step


def folded(wanted: str, then: int) -> Step:
    """Match whole characters whose case folding is ``wanted``."""

    def step(machine: Machine) -> int:
        place, pos, text = 0, machine.pos, machine.text
        while place < len(wanted):
            if pos == len(text):
                return FAIL
            met = fold(text[pos])
            if not wanted.startswith(met, place):
                return FAIL
            place, pos = place + len(met), pos + 1
        machine.pos = pos
        return then

    return step


def member(codes: Codes, then: int) -> Step:
    """Match one character of ``codes``."""
    known = Members(codes)

    def step(machine: Machine) -> int:
        if machine.pos < len(machine.text) and known[machine.text[machine.pos]]:
            machine.pos += 1
            return then
        return FAIL

    return step


def members(codes: Codes, low: int, high: int | None, then: int) -> Step:
    """Match as many characters of ``codes`` as there are, then fewer if the rest fails.

    Args:
        codes: The set.
        low: The fewest characters.
        high: The most characters; None without a limit.
        then: The next step.
    """
    known = Members(codes)

    def step(machine: Machine) -> int:
        text, start, pos = machine.text, machine.pos, machine.pos
        last = len(text) if high is None else min(len(text), start + high)
        while pos < last and known[text[pos]]:
            pos += 1
        if pos < start + low:
            return FAIL
        if pos > start + low:
            machine.pos = pos - 1
            machine.choose(then, start + low)
        machine.pos = pos
        return then

    return step


def anchor(holds: Callable[[Machine], bool], then: int) -> Step:
    """Continue if ``holds`` is true of the position."""
    return lambda machine: then if holds(machine) else FAIL


def keep(then: int) -> Step:
    """Let the reported match start here."""

    def step(machine: Machine) -> int:
        machine.keep = machine.pos
        return then

    return step


def opened(number: int, then: int) -> Step:
    """Begin a group, which drops its earlier capture."""
    end = 2 * number + 1

    def step(machine: Machine) -> int:
        old = machine.captures
        machine.captures = (*old[:end], -1, *old[end + 1 :])
        machine.frames = (machine.pos, machine.frames)
        return then

    return step


def closed(number: int, then: int) -> Step:
    """End a group and set its capture."""
    place = 2 * number

    def step(machine: Machine) -> int:
        assert machine.frames is not None
        start, machine.frames = machine.frames
        old = machine.captures
        machine.captures = (*old[:place], start, machine.pos, *old[place + 2 :])
        return then

    return step


def captured(numbers: tuple[int, ...], yes: int, no: int) -> Step:
    """Continue at ``yes`` if one of the groups has captured, else at ``no``.

    Args:
        numbers: The groups, any of which suffices.
        yes: The next step if one has captured.
        no: The next step if none has.
    """
    places = tuple(2 * number + 1 for number in numbers)
    return lambda machine: yes if any(machine.captures[p] >= 0 for p in places) else no


def traced(event: int, then: int) -> Step:
    """Remember an event for `level_reference`."""

    def step(machine: Machine) -> int:
        machine.trail = ((event, machine.pos), machine.trail)
        return then

    return step


def backreference(numbers: tuple[int, ...], fold_case: bool, then: int) -> Step:
    """Match the capture of the last of these groups, or of an earlier one if it differs.

    Args:
        numbers: The groups, in the order of the pattern.
        fold_case: Ignore case.
        then: The next step.
    """

    def step(machine: Machine) -> int:
        for number in reversed(numbers):
            start, end = machine.captures[2 * number : 2 * number + 2]
            if end < 0:
                continue
            if end - start > len(machine.text) - machine.pos:
                break
            if _same(machine, start, end, fold_case):
                return then
        return FAIL

    return step


def _same(machine: Machine, start: int, end: int, fold_case: bool) -> bool:
    """Pass a copy of the text from ``start`` to ``end``, if it comes next."""
    wanted = machine.text[start:end]
    met = machine.text[machine.pos : machine.pos + len(wanted)]
    if met == wanted or (fold_case and [*map(fold, met)] == [*map(fold, wanted)]):
        machine.pos += len(wanted)
        return True
    return False


def level_reference(numbers: tuple[int, ...], level: int, fold_case: bool, then: int) -> Step:
    """Match the last capture of a group at a depth of calls relative to this one.

    Args:
        numbers: The groups, in the order of the pattern.
        level: The depth of calls, relative to the current one.
        fold_case: Ignore case.
        then: The next step.
    """

    def step(machine: Machine) -> int:
        span = _captured_at(machine.trail, numbers, level)
        return then if span and _same(machine, *span, fold_case) else FAIL

    return step


def _captured_at(trail: Trail, numbers: tuple[int, ...], wanted: int) -> tuple[int, int] | None:
    level, end = 0, -1
    while trail is not None:
        (event, pos), trail = trail
        if event in (CALLED, RETURNED):
            level += 1 if event == RETURNED else -1
        elif level == wanted and event in numbers and end >= 0:
            return pos, end
        elif level == wanted and ~event in numbers:
            end = pos
    return None
