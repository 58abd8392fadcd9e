"""Reads the files of a repository."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, ClassVar

from toolkit.connectors import Batch
from toolkit.evidence.files import File, Files, FileSet
from toolkit.findings import Finding, Location
from toolkit.model.queries import Answer, Leaf, QueryFailure

_DEPENDENCIES = frozenset({"node_modules", "site-packages", ".git"})
"""Folders of third-party files, skipped unless they are named."""


@dataclass(frozen=True, slots=True)
class FileSystem:
    """The folder of a contract, and all below it (or named absolutely)."""

    folder: Path
    system: ClassVar[str] = "files"

    def answer(self, queries: Sequence[Leaf[Any]]) -> Batch:
        return {query: self._answer(query) for query in queries}

    def close(self) -> None:
        """Nothing is ever under way."""

    def _answer(self, query: Leaf[Any]) -> Answer[Any] | QueryFailure:
        if isinstance(query, Files):
            return self._files(query)
        # Only few contracts are of a repository that is deployed.
        from toolkit.connectors.rendering import render
        from toolkit.connectors.repository import read_repository
        from toolkit.evidence.kubernetes.arrangement import RenderQuery
        from toolkit.evidence.repository import Repository

        if isinstance(query, RenderQuery):
            return render(query, self.folder)
        assert isinstance(query, Repository)
        root = self.folder / query.root
        found = read_repository(root)
        return Answer(found, root.as_posix(), len(found.files), "files")

    def _files(self, query: Files) -> Answer[FileSet] | QueryFailure:
        found: dict[str, File] = {}
        large: list[Finding] = []
        for glob in query.globs:
            try:
                paths = [path for path in self._paths(glob) if path.is_file()]
                if not paths and not query.optional:
                    return QueryFailure((_missing(query, glob),))
                if query.optional:
                    paths = [path for path in paths if _DEPENDENCIES.isdisjoint(path.parts)]
                small = [path for path in paths if path.stat().st_size <= query.largest]
                found |= {path.as_posix(): _read(path) for path in small}
            except OSError as error:
                return QueryFailure((_unreadable(query, glob, error),))
            if not query.optional:
                large += (_too_large(query, path) for path in paths if path not in small)
        if large and not found:
            return QueryFailure(tuple(large))
        origin = ", ".join(query.globs)
        files = tuple(found[name] for name in sorted(found))
        return Answer(FileSet(files), origin, len(files), query.unit, tuple(large))

    def _paths(self, glob: str) -> list[Path]:
        if PurePath(glob).is_absolute():
            return sorted(Path(PurePath(glob).anchor).glob(str(PurePath(glob).relative_to("/"))))
        exact = self.folder / glob
        return [exact] if exact.is_file() else sorted(self.folder.glob(glob))


def _read(path: Path) -> File:
    return File(path.as_posix(), path.read_bytes())


def _missing(query: Files, glob: str) -> Finding:
    return Finding(
        what=f"`{glob}` names no file",
        where=query.declared,
        why="a file that is not there cannot be looked at; paths start at the contract's folder",
        fix="correct the path, or add the file.",
    )


def _too_large(query: Files, path: Path) -> Finding:
    return Finding(
        what=f"`{path.as_posix()}` is too large to be looked at",
        where=Location(path.as_posix()),
        why=f"it has more than {query.largest >> 20} MiB; {query.declared} names it",
        fix="name a part of it: some thousand lines prove as much.",
    )


def _unreadable(query: Files, glob: str, error: OSError) -> Finding:
    return Finding(
        what=f"`{glob}` cannot be read",
        where=Location(str(error.filename or glob)),
        why=f"the system reports: {error.strerror}; {query.declared} names it",
        fix="give the file to the user who runs the toolkit.",
    )
