"""Joining of lines as in Filebeat's multiline reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from toolkit.filebeat.config import Multiline


@dataclass(frozen=True, slots=True)
class Message:
    """The text of one event: one line, or several that are joined."""

    first: int
    """The number of its first line, from 1."""
    lines: tuple[str, ...]
    separator: str = "\n"
    flags: tuple[str, ...] = ()
    """``multiline`` if it was joined, ``truncated`` if text was left out."""

    @property
    def text(self) -> str:
        """The lines as one text."""
        return self.separator.join(self.lines)


def join(lines: Iterable[str], settings: Multiline | None) -> Iterator[Message]:
    r"""Yield the messages of ``lines``; without settings each line is one.

    As Filebeat 8 and 9 do: a line that matches ``flush_pattern`` ends the message it is
    added to, but never the one it begins; beyond ``max_lines`` lines are read and left out;
    empty lines before the first other one leave no trace.

    >>> import re
    >>> after = Multiline(re.compile(r"^\d"), negate=True)
    >>> [m.text for m in join(["1 a", "  at b", "2 c"], after)]
    ['1 a\n  at b', '2 c']
    """
    if settings is None:
        yield from (Message(number, (line,)) for number, line in enumerate(lines, 1))
        return
    first, held = 1, list[str]()
    for number, line in enumerate(lines, 1):
        ends = bool(held) and _flushes(line, settings)
        if held and not ends and _starts_new(line, held, settings):
            yield _message(first, held, settings)
            held = []
        if not held:
            first = number
        held.append(line)
        if ends:
            yield _message(first, held, settings)
            held = []
    if held:
        yield _message(first, held, settings)


def _flushes(line: str, settings: Multiline) -> bool:
    return settings.flush_pattern is not None and settings.flush_pattern.search(line) is not None


def _starts_new(line: str, held: Sequence[str], settings: Multiline) -> bool:
    """Return True if a line begins a message, by ``after`` or ``before``."""
    judged = line if settings.match == "after" else held[-1]
    continues = (settings.pattern.search(judged) is not None) != settings.negate
    return not continues


def _message(first: int, held: Sequence[str], settings: Multiline) -> Message:
    kept = held[: settings.max_lines] if settings.max_lines else held
    empty = next((number for number, line in enumerate(kept) if line), len(kept))
    separator = "" if settings.skip_newline else "\n"
    flags = {"truncated": any(held[len(kept) :]), "multiline": len(kept) > 1}
    found = tuple(flag for flag, holds in flags.items() if holds)
    return Message(first + empty, tuple(kept[empty:]), separator, found)
