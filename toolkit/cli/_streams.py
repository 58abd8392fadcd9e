"""The lines a command reads, and where it writes what it makes of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO, TypeAlias

from toolkit.errors import InputError
from toolkit.findings import Finding, Location

Write: TypeAlias = Callable[[list[str]], None]
"""Writes lines, each of which gets a line feed."""

_BLOCK = 1 << 16


def read_lines(name: str) -> tuple[str, Iterator[bytes]]:
    """Open a file, or standard input for ``-``; its lines end at a line feed, and lack it."""
    name, opened = _opened(name)
    return name, _lines(opened)


def read_blocks(name: str) -> tuple[str, Iterator[bytes]]:
    """Open as `read_lines` does; many lines come together, with line feeds between them."""
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
        raise InputError(_cannot("read", name, error)) from error


def read_text(text: str) -> str:
    """``text`` itself, or all of standard input for ``-``, without its last line feed."""
    if text != "-":
        return text
    return sys.stdin.buffer.read().removesuffix(b"\n").decode("utf-8", "surrogateescape")


@contextmanager
def written(name: str) -> Iterator[Write]:
    """Yield what writes lines into a file, or to standard output for ``-``."""
    if name == "-":
        yield lambda lines: _write(sys.stdout.buffer, lines)
        return
    try:
        file = Path(name).open("wb")  # noqa: SIM115  (closed below)
    except OSError as error:
        raise InputError(_cannot("written", name, error)) from error
    with file:
        yield lambda lines: _write(file, lines)


def _write(file: BinaryIO, lines: list[str]) -> None:
    if lines:
        file.write(_encoded("\n".join(lines) + "\n"))
        file.flush()


def _encoded(text: str) -> bytes:
    """Bytes that were no UTF-8 come out as they came in; half a character as a question mark."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def _cannot(what: str, name: str, error: OSError) -> Finding:
    return Finding(
        what=f"`{name}` cannot be {what}",
        where=Location(name),
        why=f"the system says: {error.strerror or error}",
        fix="correct the path, or give the file to the user who runs the toolkit.",
    )
