"""JSON texts whose values have positions, JSON inside strings included."""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

from toolkit.errors import InputError
from toolkit.findings import Finding, Location
from toolkit.languages.bounds import DEEPEST, too_deep
from toolkit.languages.positioned import (
    Duplicate,
    Path,
    Place,
    Positioned,
    PositionedNode,
    Scanned,
    Span,
    placed_in,
)

_BLANK = re.compile(r"[ \t\n\r]*")
_BARE = re.compile(r"[-+.\w]+")
_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u.{4}|\\.")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[-+.\w]+|[\[\]{}]', re.DOTALL)
_DIGITS = 4300
"""Python refuses longer whole numbers, as reading them takes time that grows with the square."""


def read_json(text: str, source: str, *, what: str = "the text") -> Any:
    """Return the value of a JSON text.

    Args:
        text: The whole text.
        source: The name of the file, for positions.
        what: What the text is, such as ``the query``.

    Raises:
        InputError: It is malformed, or exceeds a bound.
    """
    return parse_json(text, placed_in(source, text), what=what).value


def parse_json(text: str, place: Place, *, what: str = "the text") -> Positioned:
    """Return the value of a JSON text with its positions.

    Args:
        text: The whole text.
        place: Turns offsets into positions.
        what: What the text is, such as ``the index template``.

    Raises:
        InputError: It is malformed, or exceeds a bound.

    >>> found = parse_json('{"a": [1, {"b": "c"}]}', placed_in("x.json", '{"a": [1, {"b": "c"}]}'))
    >>> str(found.locate("a", 1, "b")), found.get("a", 0)
    ('x.json:1:17', 1)
    """
    reader = _Reader(text, place, what)
    found, end = reader.value(_blank(text, 0))
    if end < len(text):
        raise reader.malformed(place(end, 1), "extra data")
    return found


def parse_json_stream(text: str, place: Place) -> tuple[Positioned, ...]:
    """Return the values that follow each other in a text; raises `InputError`."""
    reader, at = _Reader(text, place, "the text"), _blank(text, 0)
    values: list[Positioned] = []
    while at < len(text):
        found, at = reader.value(at)
        values.append(found)
    return tuple(values)


def opened(node: PositionedNode, *path: str | int) -> PositionedNode:
    """A part of ``node`` that is JSON inside a string, or that JSON itself.

    Raises `InputError` if the string is malformed.
    """
    inside = node.at(*path)
    if not isinstance(inside.value, str):
        return inside
    return PositionedNode(parse_json(inside.value, _Inside(inside).place))


@dataclass(frozen=True)
class _Inside:
    """The places of what is written in a string of JSON."""

    string: PositionedNode

    def place(self, at: int, width: int) -> Location:
        """The place of characters of the string's value, as they are written."""
        first, end = self._offset(at), self._offset(at + width)
        return self.string.text.place(first, max(1, end - first))

    def _offset(self, at: int) -> int:
        """The offset of a character, or of the end, in the text that holds the string."""
        start, end, escaped, surplus = self._written
        return min(start + at + surplus[bisect_left(escaped, at)], end)

    @cached_property
    def _written(self) -> tuple[int, int, list[int], list[int]]:
        """The offsets of the string, its escaped characters, and the surplus length up to each."""
        text, span = self.string.text, self.string.text.span_at(*self.string.path)
        escaped, surplus = list[int](), [0]
        start, end = span.start + 1, span.end - 1
        for each in _ESCAPE.finditer(text.text, start, end):
            escaped.append(each.start() - start - surplus[-1])
            surplus.append(surplus[-1] + len(each[0]) - 1)
        return start, end, escaped, surplus


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads values out of one text."""

    text: str
    place: Place
    what: str

    def value(self, at: int) -> tuple[Positioned, int]:
        """The value that begins at an offset, and where the next one begins."""
        try:
            value, end = _DECODER.raw_decode(self.text, at)
        except json.JSONDecodeError as error:
            raise self.malformed(self.place(error.pos, 1), error.msg) from error
        except RecursionError as error:
            raise self._too_deep(at) from error
        except ValueError as error:
            where = self._token(at, lambda bare: bare in _CONSTANTS or _is_huge(bare))
            raise self.malformed(where, "a number is out of range") from error
        if isinstance(value, dict | list) and _is_deep(value):
            raise self._too_deep(at)
        found = Positioned(self.text, value, self.place, partial(_scan, self.text, at))
        return found, _blank(self.text, end)

    def malformed(self, where: Location, reason: str) -> InputError:
        """The error for a text that is no JSON."""
        return InputError(
            Finding(
                what=f"{self.what} is not valid JSON",
                where=where,
                why=f"JSON says: {reason[:1].lower()}{reason[1:]}",
                fix="correct the line, or export the file anew.",
            )
        )

    def _too_deep(self, at: int) -> InputError:
        depth = 0

        def opens(token: str) -> bool:
            nonlocal depth
            depth += (token in "[{") - (token in "]}")
            return depth > DEEPEST

        return too_deep(self.what, self._token(at, opens))

    def _token(self, at: int, wanted: Callable[[str], bool]) -> Location:
        """The place of the first token from an offset on that is wanted."""
        found = (each for each in _TOKEN.finditer(self.text, at) if wanted(each[0]))
        first = next(found, None)
        return self.place(first.start(), len(first[0])) if first else self.place(at, 1)


_CONSTANTS = ("NaN", "Infinity", "-Infinity")


def _is_huge(bare: str) -> bool:
    try:
        return len(bare) > _DIGITS or not math.isfinite(float(bare))
    except ValueError:
        return False


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


_DECODER = json.JSONDecoder(parse_float=_finite, parse_constant=_finite)


def _is_deep(value: Any) -> bool:
    layer = [value]
    for _ in range(DEEPEST):
        parts = (each.values() if isinstance(each, dict) else each for each in layer)
        layer = [each for held in parts for each in held if isinstance(each, dict | list)]
    return bool(layer)


def _scan(text: str, at: int) -> Scanned:
    scanner = _Scanner(text)
    return scanner.value(at, ()), scanner.duplicates


class _Scanner:
    """Walks over a text that is known to be JSON, and notes the positions of all values."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.duplicates: list[Duplicate] = []

    def value(self, at: int, path: Path) -> Span:
        """The positions of the value that begins at ``at``."""
        match self.text[at]:
            case "{":
                return self._mapping(at, path)
            case "[":
                return self._list(at, path)
            case '"':
                _, end = scanstring(self.text, at + 1, False)
                return Span(at, end)
            case _:
                bare = _BARE.match(self.text, at)
                assert bare is not None
                return Span(at, bare.end())

    def _mapping(self, start: int, path: Path) -> Span:
        parts: dict[str, Span] = {}
        keys: dict[str, tuple[int, int]] = {}
        at = _blank(self.text, start + 1)
        while self.text[at] != "}":
            key, end = scanstring(self.text, at + 1, False)
            inside = (*path, key)
            if key in keys:
                self.duplicates.append((inside, at, end))
            keys[key] = (at, end)
            colon = _blank(self.text, end)
            parts[key] = self.value(_blank(self.text, colon + 1), inside)
            at = self._next(parts[key].end)
        return Span(start, at + 1, parts, keys)

    def _list(self, start: int, path: Path) -> Span:
        parts: list[Span] = []
        at = _blank(self.text, start + 1)
        while self.text[at] != "]":
            parts.append(self.value(at, (*path, len(parts))))
            at = self._next(parts[-1].end)
        return Span(start, at + 1, parts)

    def _next(self, at: int) -> int:
        """Return the offset behind a value: past its comma, or at the bracket that closes all."""
        at = _blank(self.text, at)
        return _blank(self.text, at + 1) if self.text[at] == "," else at


def _blank(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at
