"""The files of a repository, by their paths below its root."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import islice, takewhile
from pathlib import PurePosixPath

from toolkit.findings import Location

_GLOB = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class Omission:
    """Files that were not read, and the reason."""

    path: str
    """A file, or a folder with all below it."""
    reason: str


@dataclass(frozen=True)
class Tree:
    """The files below a folder. Paths are relative to it, with ``/`` between their parts."""

    contents: Mapping[str, bytes]
    """The bytes of the files that were read."""
    unread: frozenset[str] = frozenset()
    """The files that exist and were not read, since nothing here reads files of their kind."""
    omitted: tuple[Omission, ...] = ()
    prefix: str = ""
    """Put before a path to get the name that people know a file by."""

    def shown(self, path: str) -> str:
        """The name of a file from the folder in which the toolkit runs."""
        return (PurePosixPath(self.prefix) / path).as_posix()

    def inside(self, shown: str) -> str:
        """The path below the root of a file by the name that people know it by."""
        path = PurePosixPath(shown)
        return str(path.relative_to(self.prefix) if path.is_relative_to(self.prefix) else path)

    def place(self, path: str) -> Location:
        """A file as a place that a person can open."""
        return Location(self.shown(path))

    def text(self, path: str) -> str:
        """The text of a file that was read; bytes that are not UTF-8 are replaced."""
        return self.contents[path].decode("utf-8-sig", "replace")

    def __contains__(self, path: str) -> bool:
        return path in self.contents or path in self.unread

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All files, read or not, sorted."""
        return tuple(sorted((*self.contents, *self.unread)))

    @cached_property
    def _parts(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The names, and their parts."""
        return tuple((name, tuple(name.split("/"))) for name in self.names)

    @cached_property
    def folders(self) -> frozenset[str]:
        """All folders with files in or below them, the root (an empty text) included."""
        found: set[str] = set()
        for name in self.names:
            folder = name
            while folder and (folder := folder.rpartition("/")[0]) not in found:
                found.add(folder)
        return frozenset(found)

    def below(self, folder: str) -> Iterator[str]:
        """The files in a folder and below it, sorted."""
        start = f"{folder}/" if folder else ""
        return (name for name in self.names if name.startswith(start))

    def matching(self, pattern: str) -> Iterator[str]:
        """The files whose whole path matches a glob; ``*`` does not match ``/``, ``**/`` does."""
        wanted = PurePosixPath(pattern).parts
        start = "/".join(takewhile(lambda part: not _GLOB.search(part), wanted))
        near = islice(self._parts, bisect_left(self.names, start), None)
        alike = takewhile(lambda each: each[0].startswith(start), near)
        return (name for name, parts in alike if _matches(parts, wanted))

    def ending(self, pattern: str, near: Sequence[str] = ()) -> tuple[str, ...]:
        """The files whose paths end as an absolute path or glob does.

        Ever shorter ends are tried, of at least two parts unless the whole has only one, and the
        first of them no glob. Of files in several folders those nearest to ``near`` are meant.
        """
        parts = [part for part in PurePosixPath(pattern).parts if part not in ("/", ".", "..")]
        for start in range(max(1, len(parts) - 1)):
            wanted = tuple(parts[start:])
            if not wanted or _GLOB.search(wanted[0]):
                break
            bases = {name: _base(there, wanted) for name, there in self._parts}
            found = {name: base for name, base in bases.items() if base is not None}
            if found:
                return _nearest(found, near)
        return ()


def _base(parts: tuple[str, ...], wanted: tuple[str, ...]) -> PurePosixPath | None:
    """The folder in which the end of a path matches a glob; None if no end does."""
    starts = range(len(parts)) if "**" in wanted else (len(parts) - len(wanted),)
    found = (at for at in starts if at >= 0 and _matches(parts[at:], wanted))
    at = next(found, None)
    return None if at is None else PurePosixPath(*parts[:at])


def _nearest(bases: Mapping[str, PurePosixPath], near: Sequence[str]) -> tuple[str, ...]:
    """The files whose base has the shortest way to ``near``."""
    folders = [PurePosixPath(each).parent for each in near] or [PurePosixPath()]
    nearest = min(sorted(set(bases.values())), key=lambda b: min(distance(b, f) for f in folders))
    return tuple(sorted(name for name, base in bases.items() if base == nearest))


def distance(one: PurePosixPath, other: PurePosixPath) -> int:
    """The number of folders that the paths do not share."""
    shared = 0
    for left, right in zip(one.parts, other.parts, strict=False):
        if left != right:
            break
        shared += 1
    return len(one.parts) + len(other.parts) - 2 * shared


def resolved(folder: str, path: str) -> str | None:
    """The path of ``path`` as seen from ``folder``; None if it leads out of the tree.

    >>> resolved("docker", "../conf/./a.conf"), resolved("", ".."), resolved("a", ".")
    ('conf/a.conf', None, 'a')
    """
    parts = list(PurePosixPath(folder).parts)
    for part in PurePosixPath(path).parts:
        if part == "/" or (part == ".." and not parts):
            return None
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def _matches(parts: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    if not wanted:
        return not parts
    head, *rest = wanted
    if head == "**":
        return any(_matches(parts[at:], tuple(rest)) for at in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], head) and _matches(parts[1:], tuple(rest))
