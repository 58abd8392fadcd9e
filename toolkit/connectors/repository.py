"""Reads the files of a repository that can describe a deployment."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from toolkit.deployment.recognition import is_candidate
from toolkit.deployment.tree import Omission, Tree
from toolkit.evidence.files import File
from toolkit.evidence.repository import RepositoryFiles

LARGEST = 4 * 2**20
"""Larger files are passed over; bytes."""
MOST = 20_000
"""Files of a repository."""
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
    for path in _paths(root, omitted):
        name = path.relative_to(root).as_posix()
        if not path.is_file():
            continue
        if _NOT_PRINTED.search(name):
            omitted.append((name, "its name has control characters, or is not UTF-8"))
        elif not is_candidate(name):
            unread.append(name)
        elif path.stat().st_size > LARGEST:
            omitted.append((name, f"it has more than {LARGEST >> 20} MiB"))
        else:
            names.append(name)
    return names, unread, [(_printed(name), reason) for name, reason in omitted]


def _printed(name: str) -> str:
    return _NOT_PRINTED.sub(lambda found: ascii(found[0])[1:-1], name)


def _paths(root: Path, omitted: list[tuple[str, str]]) -> Iterator[Path]:
    seen = 0
    for folder, folders, names in os.walk(root):
        below = Path(folder).relative_to(root)
        passed = sorted(name for name in folders if name in _FOREIGN)
        omitted += (((below / name).as_posix(), "a package manager fills it") for name in passed)
        folders[:] = sorted(f for f in folders if f not in passed and not f.startswith("."))
        for name in sorted(names):
            seen += 1
            if seen > MOST:
                omitted.append((below.as_posix(), f"there are more than {MOST:,} files"))
                return
            yield Path(folder, name)


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
