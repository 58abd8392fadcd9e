"""Reads the files of a repository."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, ClassVar

from toolkit.evidence.files import File, Files, FileSet
from toolkit.findings import Finding, Location
from toolkit.model.queries import Answer, Leaf, Unanswered

__all__ = ["FileSystem"]


@dataclass(frozen=True, slots=True)
class FileSystem:
    """The folder a contract stands in, and all below it (or named absolutely)."""

    folder: Path
    system: ClassVar[str] = "files"

    def answer(self, queries: Sequence[Leaf[Any]]) -> Mapping[Leaf[Any], Answer[Any] | Unanswered]:
        return {query: self._answer(query) for query in queries if isinstance(query, Files)}

    def close(self) -> None:
        """Nothing is ever under way."""

    def _answer(self, query: Files) -> Answer[FileSet] | Unanswered:
        found: dict[str, File] = {}
        for glob in query.globs:
            try:
                files = {file.name: file for file in self._read(glob, query.largest)}
            except OSError as error:
                return Unanswered((_unreadable(query, glob, error),))
            if not files and not query.optional:
                return Unanswered((_missing(query, glob),))
            found |= files
        origin = ", ".join(query.globs)
        files_found = tuple(found[name] for name in sorted(found))
        return Answer(FileSet(files_found), origin, len(files_found), query.unit)

    def _read(self, glob: str, largest: int) -> Iterator[File]:
        for path in self._paths(glob):
            if path.is_file() and path.stat().st_size <= largest:
                yield File(self._name(path), path.read_bytes())

    def _paths(self, glob: str) -> list[Path]:
        if PurePath(glob).is_absolute():
            return sorted(Path(PurePath(glob).anchor).glob(str(PurePath(glob).relative_to("/"))))
        exact = self.folder / glob
        return [exact] if exact.is_file() else sorted(self.folder.glob(glob))

    def _name(self, path: Path) -> str:
        return path.as_posix()


def _missing(query: Files, glob: str) -> Finding:
    return Finding(
        what=f"`{glob}` names no file",
        where=query.declared,
        why="a file that is not there cannot be looked at; paths start at the contract's folder",
        fix="correct the path, or add the file.",
    )


def _unreadable(query: Files, glob: str, error: OSError) -> Finding:
    return Finding(
        what=f"`{glob}` cannot be read",
        where=Location(str(error.filename or glob)),
        why=f"the system says: {error.strerror}; {query.declared} names it",
        fix="give the file to the user who runs the toolkit.",
    )
