"""JSON texts in which every value knows where it stands, JSON inside strings included."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, TypeAlias

from toolkit.errors import InputError
from toolkit.findings import Finding, Location

Path: TypeAlias = tuple[str | int, ...]
Place: TypeAlias = Callable[[int, int], Location]
"""From an offset in a text, and a width, to a place that a person can open."""

_BLANK = re.compile(r"[ \t\n\r]*")
_BARE = re.compile(r"[-+.\w]+")
_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u.{4}|\\.|.")


@dataclass(frozen=True, slots=True)
class JsonText:
    """A value, and the spans of its parts as offsets into the text it was read from."""

    text: str
    value: Any
    spans: Mapping[Path, tuple[int, int]] = field(repr=False)
    """Of values, quotes included."""
    keys: Mapping[Path, tuple[int, int]] = field(repr=False)
    place: Place = field(repr=False)

    def get(self, *path: str | int) -> Any:
        """The value at ``path``, or None where there is none."""
        here = self.value
        for part in path:
            if isinstance(here, dict) and isinstance(part, str):
                here = here.get(part)
            elif isinstance(here, list) and isinstance(part, int) and part < len(here):
                here = here[part]
            else:
                return None
        return here

    def locate(self, *path: str | int) -> Location:
        """The place of the value at ``path``, or of the nearest thing around it."""
        while path not in self.spans:
            path = path[:-1]
        start, end = self.spans[path]
        return self.place(start, end - start)

    def locate_key(self, *path: str | int) -> Location:
        """The place of the key that leads to ``path``; of the value where there is none."""
        if path not in self.keys:
            return self.locate(*path)
        start, end = self.keys[path]
        return self.place(start, end - start)

    def find(self, word: str, *path: str | int) -> Location:
        """The place of ``word`` within the value at ``path``, or of all of the value."""
        if path not in self.spans:
            return self.locate(*path)
        start, end = self.spans[path]
        written = json.dumps(word, ensure_ascii=False)[1:-1]
        at = self.text.find(written, start, end) if word else -1
        return self.locate(*path) if at < 0 else self.place(at, len(written))

    def inner(self, *path: str | int) -> JsonText:
        """The JSON that the string at ``path`` holds; raises `InputError` where it is none."""
        start, end = self.spans[path]
        offsets = [
            start + 1 + each.start() for each in _ESCAPE.finditer(self.text[start + 1 : end])
        ]
        return parse_json(self.get(*path), partial(_inside, self.place, offsets))


@dataclass(frozen=True, slots=True)
class Node:
    """A value within a text, wherever it is held."""

    text: JsonText
    path: Path = ()

    @property
    def value(self) -> Any:
        """The value."""
        return self.text.get(*self.path)

    def get(self, *path: str | int) -> Any:
        """A part of the value, or None where there is none."""
        return self.text.get(*self.path, *path)

    def at(self, *path: str | int) -> Node:
        """A part of the value as a node."""
        return Node(self.text, (*self.path, *path))

    def opened(self, *path: str | int) -> Node:
        """A part that is JSON inside a string, or that JSON itself; raises `InputError`."""
        inside = self.at(*path)
        return Node(self.text.inner(*inside.path)) if isinstance(inside.value, str) else inside

    def items(self, *path: str | int) -> Iterator[tuple[str | int, Node]]:
        """The parts of a mapping or list by key or index; none where it is neither."""
        value = self.get(*path)
        keys: Iterable[str | int] = ()
        if isinstance(value, dict):
            keys = value
        elif isinstance(value, list):
            keys = range(len(value))
        return ((key, self.at(*path, key)) for key in keys)

    def values(self, *path: str | int) -> Iterator[Node]:
        """The parts of a mapping or list; none where it is neither."""
        return (node for _, node in self.items(*path))

    def locate(self, *path: str | int) -> Location:
        """The place of a part, or of the nearest thing around it."""
        return self.text.locate(*self.path, *path)

    def find(self, word: str, *path: str | int) -> Location:
        """The place of ``word`` within a part, or of all of the part."""
        return self.text.find(word, *self.path, *path)


def _inside(place: Place, offsets: list[int], at: int, width: int) -> Location:
    last = len(offsets) - 1
    first, end = offsets[min(at, last)], offsets[min(at + width, last)]
    return place(first, max(1, end - first))


def placed_in(source: str, text: str) -> Place:
    """What turns offsets of ``text`` into lines and columns of ``source``."""
    starts = [0, *(each.end() for each in re.finditer("\n", text))]

    def place(at: int, width: int) -> Location:
        line = bisect_right(starts, at)
        first = starts[line - 1]
        end = starts[line] - 1 if line < len(starts) else len(text)
        excerpt = text[first:end].rstrip("\r")
        width = max(1, min(width, first + len(excerpt) - at))
        return Location(source, line, at - first + 1, excerpt, width)

    return place


def parse_json(text: str, place: Place) -> JsonText:
    """Read a JSON text; raises `InputError` with the place where it is none.

    >>> found = parse_json('{"a": [1, {"b": "c"}]}', placed_in("x.json", '{"a": [1, {"b": "c"}]}'))
    >>> str(found.locate("a", 1, "b")), found.get("a", 0)
    ('x.json:1:17', 1)
    """
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(_no_json(place(error.pos, 1), error.msg)) from error
    except RecursionError as error:
        raise InputError(_no_json(place(0, 1), "it is nested too deeply")) from error
    scanner = _Scanner(text)
    scanner.value(_blank(text, 0), ())
    return JsonText(text, value, scanner.spans, scanner.keys, place)


class _Scanner:
    """Walks over a text that is known to be JSON, and notes where everything stands."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans: dict[Path, tuple[int, int]] = {}
        self.keys: dict[Path, tuple[int, int]] = {}

    def value(self, at: int, path: Path) -> int:
        """Note the value that begins at ``at``; its end comes back."""
        match self.text[at]:
            case "{":
                end = self._mapping(at, path)
            case "[":
                end = self._list(at, path)
            case '"':
                _, end = scanstring(self.text, at + 1, False)
            case _:
                bare = _BARE.match(self.text, at)
                assert bare is not None
                end = bare.end()
        self.spans[path] = (at, end)
        return end

    def _mapping(self, at: int, path: Path) -> int:
        at = _blank(self.text, at + 1)
        while self.text[at] != "}":
            key, end = scanstring(self.text, at + 1, False)
            inside = (*path, key)
            self.keys[inside] = (at, end)
            colon = _blank(self.text, end)
            at = self._next(self.value(_blank(self.text, colon + 1), inside))
        return at + 1

    def _list(self, at: int, path: Path) -> int:
        at, index = _blank(self.text, at + 1), 0
        while self.text[at] != "]":
            at = self._next(self.value(at, (*path, index)))
            index += 1
        return at + 1

    def _next(self, at: int) -> int:
        """What comes after a value: past its comma, or at the bracket that closes all."""
        at = _blank(self.text, at)
        return _blank(self.text, at + 1) if self.text[at] == "," else at


def _blank(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _no_json(where: Location, reason: str) -> Finding:
    return Finding(
        what="the text is not valid JSON",
        where=where,
        why=f"JSON says: {reason[:1].lower()}{reason[1:]}",
        fix="correct the line, or export the file anew.",
    )
