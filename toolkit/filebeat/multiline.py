"""Joins lines to events as Filebeat's multiline reader does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from toolkit.filebeat.config import Multiline

__all__ = ["Message", "join"]


@dataclass(frozen=True, slots=True)
class Message:
    """What becomes one event: one line, or several joined by newlines."""

    first: int
    """The number of its first line, counted from 1."""
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)


def join(lines: Iterable[str], settings: Multiline | None) -> Iterator[Message]:
    r"""Yield the messages of ``lines``; without settings each line is one.

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
        if held and _starts_new(line, held, settings):
            yield _message(first, held, settings)
            held = []
        if not held:
            first = number
        held.append(line)
        if settings.flush_pattern and settings.flush_pattern.search(line):
            yield _message(first, held, settings)
            held = []
    if held:
        yield _message(first, held, settings)


def _starts_new(line: str, held: Sequence[str], settings: Multiline) -> bool:
    """``after``: a continuing line belongs to the one before; ``before``: to the one after."""
    judged = line if settings.match == "after" else held[-1]
    continues = (settings.pattern.search(judged) is not None) != settings.negate
    return not continues


def _message(first: int, held: Sequence[str], settings: Multiline) -> Message:
    return Message(first, tuple(held[: settings.max_lines]))
