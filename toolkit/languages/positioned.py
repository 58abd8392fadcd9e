"""Values with their positions in the text they were read from."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from toolkit.findings import Location

Path: TypeAlias = tuple[str | int, ...]
Place: TypeAlias = Callable[[int, int], Location]
"""From an offset in a text, and a width, to a place that a person can open."""
Duplicate: TypeAlias = tuple[Path, int, int]
"""The path of a key that its mapping has already, and the offsets of its second occurrence."""


@dataclass(slots=True, eq=False)
class Span:
    """The offsets of a value, quotes included, and the spans of its parts.

    Values that are aliases of each other share one span.
    """

    start: int
    end: int
    parts: Mapping[str, Span] | Sequence[Span] = ()
    keys: Mapping[str, tuple[int, int]] | None = None
    text: str = ""
    """A scalar of YAML before it becomes a number, a truth value or null."""
    style: str = ""
    """How that scalar is written: plain, or by one of ``' " | >``."""


Scanned: TypeAlias = tuple[Span, Sequence[Duplicate]]


@dataclass(frozen=True, eq=False)
class Positioned:
    """A value and the text it was read from; the positions are looked up when asked for."""

    text: str
    value: Any
    place: Place = field(repr=False)
    scan: Callable[[], Scanned] = field(repr=False)

    @cached_property
    def _scanned(self) -> Scanned:
        return self.scan()

    @property
    def span(self) -> Span:
        """The positions of the whole value."""
        return self._scanned[0]

    @property
    def source(self) -> str:
        """The name of the file."""
        return self.locate().source

    @property
    def duplicates(self) -> Iterator[tuple[Path, Location]]:
        """The keys that their mapping has already; the last one counts."""
        return ((path, self.place(at, end - at)) for path, at, end in self._scanned[1])

    def get(self, *path: str | int) -> Any:
        """The value at ``path``, or None if it is absent."""
        here = self.value
        for part in path:
            if isinstance(here, dict) and isinstance(part, str):
                here = here.get(part)
            elif isinstance(here, list) and isinstance(part, int) and part < len(here):
                here = here[part]
            else:
                return None
        return here

    def _nearest(self, path: Path) -> tuple[int, Span, Span]:
        """How far ``path`` leads, the span there, and the one around it."""
        around = here = self.span
        for depth, part in enumerate(path):
            below: Span | None = None
            if isinstance(here.parts, Mapping):
                below = here.parts.get(str(part))
            elif isinstance(part, int) and part < len(here.parts):
                below = here.parts[part]
            if below is None:
                return depth, here, around
            around, here = here, below
        return len(path), here, around

    def has(self, *path: str | int) -> bool:
        """Return True if something is written at ``path``."""
        return self._nearest(path)[0] == len(path)

    def raw(self, *path: str | int) -> str:
        """The scalar at ``path`` as YAML has it before its type is known; else empty."""
        depth, span, _ = self._nearest(path)
        return span.text if depth == len(path) else ""

    def span_at(self, *path: str | int) -> Span:
        """The positions of the value at ``path``, or of the nearest thing around it."""
        return self._nearest(path)[1]

    def locate(self, *path: str | int) -> Location:
        """The place of the value at ``path``, or of the nearest thing around it."""
        span = self.span_at(*path)
        return self.place(span.start, span.end - span.start)

    def locate_key(self, *path: str | int) -> Location:
        """The place of the key or item at ``path``, or of the nearest around it."""
        depth, span, around = self._nearest(path)
        start, end = span.start, span.end
        if depth and around.keys:
            start, end = around.keys[str(path[depth - 1])]
        return self.place(start, end - start)

    def find(self, word: str, *path: str | int) -> Location:
        """The place of ``word`` within the value at ``path``, or of all of the value."""
        depth, span, _ = self._nearest(path)
        written = json.dumps(word, ensure_ascii=False)[1:-1]
        at = self.text.find(written, span.start, span.end) if word else -1
        if depth < len(path) or at < 0:
            return self.place(span.start, span.end - span.start)
        return self.place(at, len(written))

    def below(self, *path: str | int) -> Positioned:
        """The part at ``path``, which must exist, as a value of its own."""
        depth, (_, duplicates) = len(path), self._scanned
        own = [(found[depth:], at, end) for found, at, end in duplicates if found[:depth] == path]
        return Positioned(
            self.text, self.get(*path), self.place, lambda: (self.span_at(*path), own)
        )


def unpositioned(value: Any, where: Location) -> Positioned:
    """Return a value of which only the place of the whole is known."""
    return Positioned("", value, lambda at, width: where, lambda: (Span(0, 0), ()))


@dataclass(frozen=True, slots=True)
class PositionedNode:
    """A value within a text, wherever it is held."""

    text: Positioned
    path: Path = ()

    @property
    def value(self) -> Any:
        """The value."""
        return self.text.get(*self.path)

    @property
    def raw(self) -> str:
        """The scalar before its type is known."""
        return self.text.raw(*self.path)

    def get(self, *path: str | int) -> Any:
        """A part of the value, or None if it is absent."""
        return self.text.get(*self.path, *path)

    def at(self, *path: str | int) -> PositionedNode:
        """A part of the value as a node."""
        return PositionedNode(self.text, (*self.path, *path))

    def items(self, *path: str | int) -> Iterator[tuple[str | int, PositionedNode]]:
        """The parts of a mapping or list by key or index; none if it is neither."""
        value = self.get(*path)
        keys: Iterable[str | int] = ()
        if isinstance(value, dict):
            keys = value
        elif isinstance(value, list):
            keys = range(len(value))
        return ((key, self.at(*path, key)) for key in keys)

    def values(self, *path: str | int) -> Iterator[PositionedNode]:
        """The parts of a mapping or list; none if it is neither."""
        return (node for _, node in self.items(*path))

    def locate(self, *path: str | int) -> Location:
        """The place of a part, or of the nearest thing around it."""
        return self.text.locate(*self.path, *path)

    def find(self, word: str, *path: str | int) -> Location:
        """The place of ``word`` within a part, or of all of the part."""
        return self.text.find(word, *self.path, *path)


def placed_in(source: str, text: str) -> Place:
    """Return what turns offsets of ``text`` into lines and columns of ``source``."""
    starts = [0, *(each.end() for each in re.finditer("\n", text))]

    def place(at: int, width: int) -> Location:
        line = bisect_right(starts, at)
        first = starts[line - 1]
        end = starts[line] - 1 if line < len(starts) else len(text)
        excerpt = text[first:end].rstrip("\r")
        width = max(1, min(width, first + len(excerpt) - at))
        return Location(source, line, at - first + 1, excerpt, width)

    return place
