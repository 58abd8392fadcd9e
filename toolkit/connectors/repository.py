"""Reads the files of a repository that can describe a deployment."""

from __future__ import annotations

import os
import re
import stat
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from toolkit.deployment.recognition import is_candidate
from toolkit.deployment.tree import Omission, Tree
from toolkit.evidence.files import File
from toolkit.evidence.repository import RepositoryFiles

LARGEST = 4 * 2**20
"""Larger files are passed over; bytes."""
MOST, MOST_OF_FOLDER = 20_000, 2_000
"""Files that are read, of a repository and of one folder; five times that are looked at."""
_FOREIGN = frozenset({"node_modules", "site-packages", "__pycache__", "venv"})
"""Folders that package managers fill."""
_NOT_PRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Characters of names that neither a contract nor a terminal can show."""


def read_repository(root: Path) -> RepositoryFiles:
    """Read the files below a folder; those it passes over are listed with the reason."""
    names, unread, omitted = _listed(root)
    files: list[File] = []
    for name in names:
        try:
            files.append(File(name, (root / name).read_bytes()))
        except OSError as error:
            omitted.append((name, f"it cannot be read: {error.strerror or error}"))
    return RepositoryFiles(tuple(files), tuple(unread), tuple(omitted))


def _listed(root: Path) -> tuple[list[str], list[str], list[tuple[str, str]]]:
    """The names of files to read, of those of other kinds, and what is passed over."""
    names: list[str] = []
    unread: list[str] = []
    omitted: list[tuple[str, str]] = []
    seen = 0
    for folder, files in _folders(root, omitted):
        if max(len(names), seen // 5) > MOST:
            reason = f"it and all that is as deep are passed over: {MOST:,} files come before"
            omitted.append((folder, reason))
            break
        seen += len(files)
        reasons = {name: _reason(root, name) for name in files}
        omitted += ((name, reason) for name, reason in reasons.items() if reason)
        there = [name for name, reason in reasons.items() if reason is None]
        wanted = [name for name in there if is_candidate(name)]
        unread += (name for name in there if not is_candidate(name))
        names += wanted[:MOST_OF_FOLDER]
        if passed := len(wanted[MOST_OF_FOLDER:]):
            reason = f"{passed:,} of its {len(wanted):,} files are passed over: they are too many"
            omitted.append((folder or ".", reason))
    return sorted(names), unread, [(_printed(name), reason) for name, reason in omitted]


def _reason(root: Path, name: str) -> str | None:
    """Return why a file is passed over; empty for a socket or device, None for no reason."""
    if _NOT_PRINTED.search(name):
        return "its name has control characters, or is not UTF-8"
    try:
        found = (root / name).stat()
    except OSError as error:
        return f"it cannot be read: {error.strerror or error}"
    if stat.S_ISDIR(found.st_mode):
        return "it is a link to a folder"
    if not stat.S_ISREG(found.st_mode):
        return ""
    large = found.st_size > LARGEST and is_candidate(name)
    return f"it has more than {LARGEST >> 20} MiB" if large else None


def _printed(name: str) -> str:
    return _NOT_PRINTED.sub(lambda found: ascii(found[0])[1:-1], name)


def _folders(root: Path, omitted: list[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """Yield folders with the paths of their files, those near the root before deeper ones."""
    waiting = deque([""])
    while waiting:
        below = waiting.popleft()
        try:
            entries = sorted(os.scandir(root / below), key=lambda entry: entry.name)
        except OSError as error:
            omitted.append((below or ".", f"it cannot be read: {error.strerror or error}"))
            continue
        paths = [(f"{below}/{each.name}".lstrip("/"), each) for each in entries]
        yield below, [path for path, each in paths if not each.is_dir(follow_symlinks=False)]
        for path, each in paths:
            if not each.is_dir(follow_symlinks=False) or each.name.startswith("."):
                continue
            if each.name in _FOREIGN:
                omitted.append((path, "a package manager fills it"))
            else:
                waiting.append(path)


class _Contents(Mapping[str, bytes]):
    """The files below a folder, each read when it is asked for."""

    def __init__(self, root: Path, names: Iterable[str]) -> None:
        self._root, self._names = root, dict.fromkeys(names)

    def __getitem__(self, name: str) -> bytes:
        if name not in self._names:
            raise KeyError(name)
        return (self._root / name).read_bytes()

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def open_tree(root: Path, prefix: str) -> Tree:
    """Return the files below a folder as a tree that reads them when they are asked for.

    Args:
        root: The folder.
        prefix: The name by which the user knows it.
    """
    names, unread, omitted = _listed(root)
    listed = tuple(Omission(path, reason) for path, reason in omitted)
    return Tree(_Contents(root, names), frozenset(unread), listed, prefix)
