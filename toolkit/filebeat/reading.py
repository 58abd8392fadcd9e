"""Reading of a text as Filebeat reads a file: lines, messages, and the sent ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from toolkit.filebeat.config import Input
from toolkit.filebeat.multiline import Message, join


def messages(text: str, settings: Input) -> Iterator[Message]:
    r"""Yield what is sent of ``text``. Lines end at ``\n`` only; empty ones are not sent.

    A carriage return before the ``\n`` is part of the line end, unless ``line_terminator``
    is set. Messages are joined first, then chosen by ``include_lines``, last by
    ``exclude_lines``.

    >>> [m.text for m in messages("a\r\n\nb", Input(strips_carriage_returns=True))]
    ['a', 'b']
    """
    lines = text.split("\n")
    return messages_of(lines[:-1] if lines[-1] == "" else lines, settings)


def messages_of(lines: Iterable[str], settings: Input) -> Iterator[Message]:
    """Yield the sent messages of lines without line feeds; keeps one message at a time."""
    for message in join(_ended(lines, settings), settings.multiline):
        if message.text and _sent(message.text, settings):
            yield message


def _ended(lines: Iterable[str], settings: Input) -> Iterable[str]:
    if not settings.strips_carriage_returns:
        return lines
    return (line.removesuffix("\r") for line in lines)


def _sent(text: str, settings: Input) -> bool:
    wanted = not settings.include_lines or any(e.search(text) for e in settings.include_lines)
    return wanted and not any(each.search(text) for each in settings.exclude_lines)
