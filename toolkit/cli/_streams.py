"""Input and output of lines: files, standard input, standard output."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO, TypeAlias

from toolkit.cli._files import not_written, unreadable
from toolkit.errors import InputError

Write: TypeAlias = Callable[[list[str]], None]
"""Writes lines, each of which gets a line feed."""

_BLOCK = 1 << 16


def read_lines(name: str) -> tuple[str, Iterator[bytes]]:
    """Open a file, or standard input for ``-``; yields its lines without their line feeds."""
    name, opened = _opened(name)
    return name, _lines(opened)


def read_blocks(name: str) -> tuple[str, Iterator[bytes]]:
    """Open as `read_lines` does; yields blocks of lines, with line feeds between them."""
    name, opened = _opened(name)
    return name, _blocks(opened)


def _lines(opened: AbstractContextManager[BinaryIO]) -> Iterator[bytes]:
    with opened as file:
        yield from (line.removesuffix(b"\n") for line in file)


def _blocks(opened: AbstractContextManager[BinaryIO]) -> Iterator[bytes]:
    with opened as file:
        while lines := file.readlines(_BLOCK):
            yield b"".join(lines).removesuffix(b"\n")


def _opened(name: str) -> tuple[str, AbstractContextManager[BinaryIO]]:
    if name == "-":
        return "standard input", nullcontext(sys.stdin.buffer)
    try:
        return name, Path(name).open("rb")
    except OSError as error:
        raise InputError(unreadable(name, error)) from error


def read_text(text: str) -> str:
    """Return ``text``, or for ``-`` all of standard input without its last line feed."""
    if text != "-":
        return text
    return sys.stdin.buffer.read().removesuffix(b"\n").decode("utf-8", "surrogateescape")


@contextmanager
def written(name: str) -> Iterator[Write]:
    """Open a file, or standard output for ``-``, and yield a function that writes lines to it."""
    if name == "-":
        yield lambda lines: _write(sys.stdout.buffer, lines)
        return
    try:
        file = Path(name).open("wb")  # noqa: SIM115  (closed below)
    except OSError as error:
        raise InputError(not_written(Path(name), error)) from error
    with file:
        yield lambda lines: _write(file, lines)


def _write(file: BinaryIO, lines: list[str]) -> None:
    if lines:
        file.write(_encoded("\n".join(lines) + "\n"))
        file.flush()


def _encoded(text: str) -> bytes:
    """Encode a text: bytes that were no UTF-8 as they were, half a character as ``?``."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")
