"""Appending of lines to an existing file that a shipper reads."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from toolkit.errors import Unavailable
from toolkit.findings import Finding, Location


def append(path: Path, lines: Iterable[str]) -> None:
    """Append lines in one piece, to a file that may not be there yet.

    Raises `Unavailable` where that cannot be done without harm to the lines that are there.
    """
    data = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")
    try:
        if path.exists() and not path.is_file():
            raise Unavailable.of(
                what=f"`{path.name}` is no file that lines could be appended to",
                where=Location(path.as_posix()),
                why="a folder has no lines, and a write to a pipe blocks until it is read",
                fix="name the file that the shipper reads.",
            )
        if not _ends_a_line(path):
            raise Unavailable.of(
                what=f"`{path.name}` ends within a line",
                where=Location(path.as_posix()),
                why="what is appended would become part of the last line",
                fix="end its last line, or name a file that only the ledger writes.",
            )
        with path.open("ab", buffering=0) as file:
            while data:
                data = data[file.write(data) :]
    except OSError as error:
        raise Unavailable(_not_appended(path, error)) from error


def _ends_a_line(path: Path) -> bool:
    if not path.exists() or not path.stat().st_size:
        return True
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() == b"\n"


def _not_appended(path: Path, error: OSError) -> Finding:
    return Finding(
        what=f"`{path.name}` cannot be written",
        where=Location(path.as_posix()),
        why=f"the ledger appends its lines to it; the system reports: {error.strerror or error}",
        fix="correct `path:`, or give the file to the user who runs the toolkit.",
    )
