"""The files whose lines are loaded: plain, compressed, or standard input."""

from __future__ import annotations

import glob
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from uuid import UUID

from toolkit.cli._files import reason
from toolkit.cli.logs._compression import opened
from toolkit.connectors.sinks import line_id
from toolkit.errors import InputError
from toolkit.evidence.logs.lines import Line, line_of
from toolkit.filebeat.config import Input
from toolkit.filebeat.reading import messages_of
from toolkit.findings import Finding, Location

_ROTATED = re.compile(r"(?:\.\d+|-\d{8})?(?:\.gz|\.zst)?$")


def expanded(names: Iterable[str]) -> list[str]:
    """Return the files of names and globs, each once; raises `InputError` for a missing one."""
    found: dict[str, None] = {}
    for name in names:
        exact = name == "-" or Path(name).is_file()
        files = [name] if exact else sorted(filter(_is_file, glob.glob(name, recursive=True)))  # noqa: PTH207  (may be absolute)
        if not files:
            raise InputError.of(
                what=f"`{name}` names no file",
                where=Location("command line"),
                why="a file, a glob, or `-` for standard input is needed",
                fix="correct the path.",
            )
        found |= dict.fromkeys(files)
    return list(found)


def _is_file(name: str) -> bool:
    return Path(name).is_file()


@dataclass(slots=True)
class MessageReader:
    """Reads messages of files as a shipper would, one at a time."""

    settings: Input
    progress: Callable[[int], None] = lambda size: None
    """Called with the number of bytes that were read, before decompression."""

    def lines(self, name: str) -> Iterator[tuple[Line, UUID]]:
        """Yield the messages of a file, each with an id.

        The id depends on the file's path without the suffix of rotation, its first line, the
        number of the line and its text: the same lines get the same ids again. Raises
        `InputError` if the file cannot be read, or is cut off.
        """
        shown = "standard input" if name == "-" else name
        path = shown if name == "-" else _ROTATED.sub("", str(Path(name).resolve()))
        file_id = b""
        try:
            with opened(name, self.progress) as file:
                for message in messages_of(self._texts(file), self.settings):
                    text = _bytes(message.text)
                    file_id = file_id or _bytes(path) + b"\0" + text
                    identity = line_id(file_id, message.first, text)
                    yield line_of(message, shown, self.settings), identity
        except OSError as error:
            raise InputError(_unreadable(shown, error)) from error

    def _texts(self, file: IO[bytes]) -> Iterator[str]:
        for line in file:
            yield line.removesuffix(b"\n").decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _unreadable(name: str, error: Exception) -> Finding:
    return Finding(
        what=f"`{name}` cannot be read to its end",
        where=Location(name),
        why=f"the operating system reports: {reason(error)}",
        fix="correct the file; loading it again neither loses nor duplicates a line.",
    )
