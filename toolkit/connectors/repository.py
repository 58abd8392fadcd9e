"""Reads the files of a repository that can describe a deployment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from toolkit.deployment.recognition import is_candidate
from toolkit.evidence.deployment import RepositoryFiles
from toolkit.evidence.files import File

LARGEST = 2**20
"""Larger files are passed over; bytes."""
MOST = 20_000
"""Files of a repository."""
_FOREIGN = frozenset({"node_modules", "site-packages", "__pycache__", "venv"})
"""Folders that package managers fill."""


def read_repository(root: Path) -> RepositoryFiles:
    """Read the files below a folder; those it passes over are listed with the reason."""
    files: list[File] = []
    unread: list[str] = []
    omitted: list[tuple[str, str]] = []
    for path in _paths(root, omitted):
        name = path.relative_to(root).as_posix()
        if not is_candidate(name):
            unread.append(name)
            continue
        try:
            if path.is_file() and path.stat().st_size > LARGEST:
                omitted.append((name, f"it has more than {LARGEST >> 20} MiB"))
            elif path.is_file():
                files.append(File(name, path.read_bytes()))
        except OSError as error:
            omitted.append((name, f"it cannot be read: {error.strerror or error}"))
    return RepositoryFiles(tuple(files), tuple(unread), tuple(omitted))


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
