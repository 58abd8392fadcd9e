"""The steps of the machine that read no text: choices, loops, calls and look-arounds."""

from __future__ import annotations

from toolkit.languages.ruby_regex.engines.machine import ACCEPT, FAIL, Machine, Step


def accept() -> Step:
    """Accept."""
    return lambda machine: ACCEPT


def fail() -> Step:
    """Fail."""
    return lambda machine: FAIL


def jump(then: int) -> Step:
    """Go on elsewhere."""
    return lambda machine: then


def split(preferred: int, other: int) -> Step:
    """Try one way, and the other if the rest fails."""

    def step(machine: Machine) -> int:
        machine.choose(other)
        return preferred

    return step


def enter(value: int, then: int) -> Step:
    """Begin to count from ``value``."""

    def step(machine: Machine) -> int:
        machine.frames = (value, machine.frames)
        return then

    return step


def counted(times: int, again: int, then: int) -> Step:
    """Count one turn; go to ``again`` until there are ``times``, then to ``then``.

    Args:
        times: Turns in all.
        again: The step that begins a turn.
        then: The step after the loop.
    """

    def step(machine: Machine) -> int:
        assert machine.frames is not None
        count, outer = machine.frames
        if count + 1 < times:
            machine.frames = (count + 1, outer)
            return again
        machine.frames = outer
        return then

    return step


def optional(times: int, again: int, then: int, *, greedy: bool) -> Step:
    """Take one more turn or none, of at most ``times``.

    Args:
        times: The most turns.
        again: The step that begins a turn.
        then: The step after the loop.
        greedy: Try another turn first.
    """

    def step(machine: Machine) -> int:
        assert machine.frames is not None
        count, outer = machine.frames
        if count == times:
            machine.frames = outer
            return then
        more = (count + 1, outer)
        machine.frames = outer if greedy else more
        machine.choose(then if greedy else again)
        machine.frames = more if greedy else outer
        return again if greedy else then

    return step


def entered_at(then: int) -> Step:
    """Remember the position where a turn of a loop begins."""

    def step(machine: Machine) -> int:
        machine.frames = (machine.pos, machine.frames)
        return then

    return step


def leave_if_empty(again: int, then: int) -> Step:
    """End the loop after a turn that matched the empty text: it would never end."""

    def step(machine: Machine) -> int:
        assert machine.frames is not None
        start, machine.frames = machine.frames
        return then if start == machine.pos else again

    return step


def call(entry: int, then: int) -> Step:
    """Go to a subroutine, and come back to ``then``."""

    def step(machine: Machine) -> int:
        machine.frames = (then, machine.frames)
        return entry

    return step


def returned() -> Step:
    """Come back from a subroutine."""

    def step(machine: Machine) -> int:
        assert machine.frames is not None
        then: int
        then, machine.frames = machine.frames
        return then

    return step


def commit(then: int, *, stay: bool) -> Step:
    """Drop the choices since `guard`; unless ``stay``, return to its position too."""

    def step(machine: Machine) -> int:
        assert machine.frames is not None
        (height, pos), machine.frames = machine.frames
        del machine.stack[height:]
        if not stay:
            machine.pos = pos
        return then

    return step


def guard(then: int) -> Step:
    """Remember how many choices are open."""

    def step(machine: Machine) -> int:
        machine.frames = ((len(machine.stack), machine.pos), machine.frames)
        return then

    return step


def unless(body: int, then: int) -> Step:
    """Go on at ``then`` if ``body`` fails."""

    def step(machine: Machine) -> int:
        height = len(machine.stack)
        machine.choose(then)
        machine.frames = ((height, machine.pos), machine.frames)
        return body

    return step


def unwanted() -> Step:
    """Fail: the body of a negative look has matched."""

    def step(machine: Machine) -> int:
        assert machine.frames is not None
        (height, _), _ = machine.frames
        del machine.stack[height:]
        return FAIL

    return step


def back(width: int, then: int) -> Step:
    """Go back by so many characters."""

    def step(machine: Machine) -> int:
        machine.pos -= width
        return then if machine.pos >= 0 else FAIL

    return step


def at_origin(then: int) -> Step:
    """Fail if a look-behind does not end where it was entered."""

    def step(machine: Machine) -> int:
        assert machine.frames is not None
        return then if machine.pos == machine.frames[0][1] else FAIL

    return step


def absent(body: int, then: int) -> Step:
    """Match the longest text that has no match of ``body`` in it, then shorter ones."""

    def step(machine: Machine) -> int:
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

    return step
