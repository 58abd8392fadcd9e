"""The steps of the machine: each acts on it and returns the next one, or None where it fails.

Their other arguments are bound when an expression is compiled; ``then`` is the step that follows.
"""

from __future__ import annotations

from collections.abc import Callable

from toolkit.languages.ruby_regex.codes import Codes
from toolkit.languages.ruby_regex.engines.machine import Machine, Step, Trail
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


def characters(wanted: str, then: Step, machine: Machine) -> Step | None:
    """Match the text ``wanted``.

    Args:
        wanted: The text.
        then: The next step.
        machine: The search.
    """
    if not machine.text.startswith(wanted, machine.pos):
        return None
    machine.pos += len(wanted)
    return then


def folded(wanted: str, then: Step, machine: Machine) -> Step | None:
    """Match whole characters whose case folding is ``wanted``.

    Args:
        wanted: The case-folded text.
        then: The next step.
        machine: The search.
    """
    place, pos, text = 0, machine.pos, machine.text
    while place < len(wanted):
        if pos == len(text):
            return None
        met = fold(text[pos])
        if not wanted.startswith(met, place):
            return None
        place, pos = place + len(met), pos + 1
    machine.pos = pos
    return then


def member(known: Members, then: Step, machine: Machine) -> Step | None:
    """Match one character of a set.

    Args:
        known: The set.
        then: The next step.
        machine: The search.
    """
    if machine.pos == len(machine.text) or not known[machine.text[machine.pos]]:
        return None
    machine.pos += 1
    return then


def members(
    known: Members, low: int, high: int | None, then: Step, machine: Machine
) -> Step | None:
    """Match as many characters of a set as there are, then fewer if the rest fails.

    Args:
        known: The set.
        low: The fewest characters.
        high: The most characters; None without a limit.
        then: The next step.
        machine: The search.
    """
    text, start, pos = machine.text, machine.pos, machine.pos
    last = len(text) if high is None else min(len(text), start + high)
    while pos < last and known[text[pos]]:
        pos += 1
    if pos < start + low:
        return None
    if pos > start + low:
        machine.pos = pos - 1
        machine.choose(then, start + low)
    machine.pos = pos
    return then


def anchor(holds: Callable[[Machine], bool], then: Step, machine: Machine) -> Step | None:
    """Continue if ``holds`` is true of the position.

    Args:
        holds: Returns True where the anchor holds.
        then: The next step.
        machine: The search.
    """
    return then if holds(machine) else None


def keep(then: Step, machine: Machine) -> Step:
    """Let the reported match start here."""
    machine.keep = machine.pos
    return then


def fork(preferred: Step, other: Step, machine: Machine) -> Step:
    """Try one way, and the other if the rest fails.

    Args:
        preferred: The way to try first.
        other: The way to try then.
        machine: The search.
    """
    machine.choose(other)
    return preferred


def opened(number: int, then: Step, machine: Machine) -> Step:
    """Begin a group, which drops its earlier capture.

    Args:
        number: The number of the group.
        then: The next step.
        machine: The search.
    """
    end, old = 2 * number + 1, machine.captures
    machine.captures = (*old[:end], -1, *old[end + 1 :])
    machine.frames = (machine.pos, machine.frames)
    return then


def closed(number: int, then: Step, machine: Machine) -> Step:
    """End a group and set its capture.

    Args:
        number: The number of the group.
        then: The next step.
        machine: The search.
    """
    start, machine.frames = machine.frames
    place, old = 2 * number, machine.captures
    machine.captures = (*old[:place], start, machine.pos, *old[place + 2 :])
    return then


def captured(numbers: tuple[int, ...], yes: Step, no: Step, machine: Machine) -> Step:
    """Continue at ``yes`` if one of the groups has captured, else at ``no``.

    Args:
        numbers: The groups, any of which suffices.
        yes: The next step if one has captured.
        no: The next step if none has.
        machine: The search.
    """
    return yes if any(machine.captures[2 * number + 1] >= 0 for number in numbers) else no


def traced(event: int, then: Step, machine: Machine) -> Step:
    """Remember an event for `level_reference`.

    Args:
        event: A call, a return, or a group that opens or closes.
        then: The next step.
        machine: The search.
    """
    machine.trail = ((event, machine.pos), machine.trail)
    return then


def returned(machine: Machine) -> Step:
    """Come back from a subroutine."""
    then: Step
    then, machine.frames = machine.frames
    return then


def guard(then: Step, machine: Machine) -> Step:
    """Remember how many choices are open, and the position."""
    machine.frames = ((len(machine.stack), machine.pos), machine.frames)
    return then


def commit(then: Step, machine: Machine) -> Step:
    """Drop the choices since `guard`."""
    (height, _), machine.frames = machine.frames
    del machine.stack[height:]
    return then


def rewind(then: Step, machine: Machine) -> Step:
    """Drop the choices since `guard`, and return to its position."""
    (height, machine.pos), machine.frames = machine.frames
    del machine.stack[height:]
    return then


def unless(body: Step, then: Step, machine: Machine) -> Step:
    """Go on at ``then`` if ``body`` fails.

    Args:
        body: The first step of the part.
        then: The next step.
        machine: The search.
    """
    height = len(machine.stack)
    machine.choose(then)
    machine.frames = ((height, machine.pos), machine.frames)
    return body


def unwanted(machine: Machine) -> None:
    """Fail: the body of a negative look has matched."""
    (height, _), _ = machine.frames
    del machine.stack[height:]


def back(width: int, then: Step, machine: Machine) -> Step | None:
    """Go back by so many characters.

    Args:
        width: Characters to go back.
        then: The next step.
        machine: The search.
    """
    machine.pos -= width
    return then if machine.pos >= 0 else None


def at_origin(then: Step, machine: Machine) -> Step | None:
    """Fail if a look-behind does not end where it was entered."""
    return then if machine.pos == machine.frames[0][1] else None


def absent(body: Step, then: Step, machine: Machine) -> Step:
    """Match the longest text that has no match of ``body`` in it, then shorter ones.

    Args:
        body: The first step of the part.
        then: The next step.
        machine: The search.
    """
    start = place = machine.pos
    last = len(machine.text)
    while place <= last:
        end = machine.end_of(body, place)
        if end is not None and end <= last:
            last = end - 1
        place += 1
    last = max(last, start)
    if last > start:
        machine.pos = last - 1
        machine.choose(then, start)
    machine.pos = last
    return then


def backreference(
    numbers: tuple[int, ...], fold_case: bool, then: Step, machine: Machine
) -> Step | None:
    """Match the capture of the last of these groups, or of an earlier one if it differs.

    Args:
        numbers: The groups, in the order of the pattern.
        fold_case: Ignore case.
        then: The next step.
        machine: The search.
    """
    for number in reversed(numbers):
        start, end = machine.captures[2 * number : 2 * number + 2]
        if end < 0:
            continue
        if end - start > len(machine.text) - machine.pos:
            break
        if _same(machine, start, end, fold_case):
            return then
    return None


def _same(machine: Machine, start: int, end: int, fold_case: bool) -> bool:
    """Pass a copy of the text from ``start`` to ``end``, if it comes next."""
    wanted = machine.text[start:end]
    met = machine.text[machine.pos : machine.pos + len(wanted)]
    if met == wanted or (fold_case and [*map(fold, met)] == [*map(fold, wanted)]):
        machine.pos += len(wanted)
        return True
    return False


def level_reference(
    numbers: tuple[int, ...], level: int, fold_case: bool, then: Step, machine: Machine
) -> Step | None:
    """Match the last capture of a group at a depth of calls relative to this one.

    Args:
        numbers: The groups, in the order of the pattern.
        level: The depth of calls, relative to the current one.
        fold_case: Ignore case.
        then: The next step.
        machine: The search.
    """
    span = _captured_at(machine.trail, numbers, level)
    return then if span and _same(machine, *span, fold_case) else None


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
