"""Files of the repository."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from toolkit.errors import InputError
from toolkit.findings import Finding, Location
from toolkit.languages.positioned import placed_in
from toolkit.model.queries import Leaf, Recordable

ReadT = TypeVar("ReadT")


@dataclass(frozen=True, slots=True)
class File(Recordable):
    """One file."""

    name: str
    """The path as shown in messages, relative to the working directory."""
    data: bytes

    @property
    def text(self) -> str:
        """The text; bytes that are not UTF-8 are kept by ``surrogateescape``."""
        return self.data.decode("utf-8", "surrogateescape")


@dataclass(frozen=True, slots=True)
class FileSet(Recordable):
    """The files that match some globs, sorted by name."""

    files: tuple[File, ...]

    def __iter__(self) -> Iterator[File]:
        return iter(self.files)


@dataclass(frozen=True, slots=True)
class Files(Leaf[FileSet], system="files"):
    """The files that match these globs; each glob must match at least one."""

    globs: tuple[str, ...]
    declared: Location
    unit: str = "files"
    optional: bool = False
    """True if a glob may match nothing."""
    largest: int = 64 * 2**20
    """Larger files are skipped; bytes."""

    @property
    def key(self) -> str:
        return ", ".join(self.globs)


def decode(file: File, kind: str) -> str:
    """Return the text of a UTF-8 file.

    Raises:
        InputError: The file is not UTF-8; at the line of the first wrong byte.
    """
    try:
        return file.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = file.data.decode("utf-8-sig", "replace")
        at = len(error.object[: error.start].decode())
        finding = Finding(
            what=f"{file.name} is not UTF-8",
            where=placed_in(file.name, text)(at, 1),
            why=f"byte {error.start} is {file.data[error.start]:#04x}: {kind} must be UTF-8",
            fix="save the file as UTF-8.",
        )
        raise InputError(finding) from error


def read_each(
    files: Iterable[File], read: Callable[[File], Iterable[ReadT]]
) -> tuple[list[ReadT], tuple[Finding, ...]]:
    """Read files one by one: one that cannot be read does not keep the others from being read.

    Args:
        files: What to read.
        read: Yields what a file holds, or raises `InputError`.

    Returns:
        All that was read, and why the rest cannot be.

    Raises:
        InputError: Nothing was read, and some file cannot be.
    """
    found: list[ReadT] = []
    faults: list[Finding] = []
    for file in files:
        try:
            found += read(file)
        except InputError as error:
            faults += error.findings
    if faults and not found:
        raise InputError(*faults)
    return found, tuple(faults)
