"""Makes positioned values of YAML, within bounds; what an alias repeats is counted, not copied."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isfinite
from typing import Any, NamedTuple

import yaml

from toolkit.findings import Location
from toolkit.languages.bounds import DEEPEST, MOST, too_deep, too_many
from toolkit.languages.positioned import Duplicate, Place, Positioned, Span
from toolkit.languages.yaml_dialects import Dialect, resolve, tagged

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The fast one where libyaml is there."""

_OCCUPIED = re.compile(r"^---[ \t]*(?=[^\s#])", re.MULTILINE)
_MERGE = "tag:yaml.org,2002:merge"


class Malformed(Exception):
    """The text is malformed at an offset."""

    def __init__(self, problem: str, at: int, width: int = 1) -> None:
        super().__init__(problem)
        self.at, self.width = at, width


class _Anchored(NamedTuple):
    """The value that an alias repeats."""

    value: Any
    span: Span
    size: int
    """The values it consists of, with those that its own aliases repeat."""
    height: int
    """How many levels it nests."""


class Composer:
    """Makes values of the events of one chunk."""

    def __init__(self, chunk: str, base: int, dialect: Dialect, what: str, place: Place) -> None:
        self.chunk, self.base, self.dialect = chunk, base, dialect
        self.what, self.place = what, place
        self.events: Iterator[Any] = iter(())

    def documents(self, text: str) -> Iterator[Positioned]:
        """Yield the documents; raises `InputError` or `Malformed`."""
        if self.dialect.json and (occupied := _OCCUPIED.search(self.chunk)):
            raise Malformed("nothing may follow `---` in its line", self.base + occupied.end())
        try:
            self.events = yaml.parse(self.chunk, Loader=_LOADER)
            for event in self.events:
                if isinstance(event, yaml.DocumentStartEvent):
                    yield self._document(text)
                    if self.dialect.json:
                        break
        except yaml.YAMLError as error:
            raise self._malformed(error) from error
        except UnicodeEncodeError as error:
            raise Malformed("a byte is no UTF-8", self.base + error.start) from error

    def _malformed(self, error: yaml.YAMLError) -> Exception:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        at = self.base + (mark.index if mark else self._unreadable(error))
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
        if "nesting depth" in problem:
            return too_deep(self.what, self.place(at, 1))
        return Malformed(problem, at)

    def _unreadable(self, error: yaml.YAMLError) -> int:
        """The offset of a character that YAML does not allow, of which the reader counts bytes."""
        before = self.chunk.encode()[: getattr(error, "position", 0)]
        return len(before.decode("utf-8", "ignore"))

    def _document(self, text: str) -> Positioned:
        self.anchors: dict[str, _Anchored | None] = {}
        self.duplicates: list[Duplicate] = []
        self.path: list[str | int] = []
        self.count = self.depth = self.deepest = 0
        value, span = self._value(next(self.events))
        duplicates = self.duplicates
        return Positioned(text, value, self.place, lambda: (span, duplicates))

    def _value(self, event: Any) -> tuple[Any, Span]:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        self._add(1, event)
        if isinstance(event, yaml.ScalarEvent):
            value, span = self._scalar(event), self._span(event, event)
            span.text, span.style = event.value, event.style or ""
            if event.anchor:
                self.anchors[event.anchor] = _Anchored(value, span, 1, 0)
            return value, span
        return self._collection(event)

    def _span(self, first: Any, last: Any) -> Span:
        return Span(self.base + first.start_mark.index, self.base + last.end_mark.index)

    def _add(self, count: int, event: Any) -> None:
        self.count += count
        if self.count > MOST:
            raise too_many(self.what, self._where(event))

    def _where(self, event: Any) -> Location:
        span = self._span(event, event)
        return self.place(span.start, max(1, span.end - span.start))

    def _reach(self, depth: int, event: Any) -> None:
        if depth > DEEPEST:
            raise too_deep(self.what, self._where(event))
        self.deepest = max(self.deepest, depth)

    def _refused(self, problem: str, event: Any) -> Malformed:
        span = self._span(event, event)
        return Malformed(problem, span.start, span.end - span.start)

    def _alias(self, event: Any) -> tuple[Any, Span]:
        if event.anchor not in self.anchors:
            raise self._refused(f"there is no anchor `&{event.anchor}` before this alias", event)
        anchored = self.anchors[event.anchor]
        if anchored is None:
            raise self._refused(f"`*{event.anchor}` is inside its own anchor", event)
        self._add(anchored.size, event)
        self._reach(self.depth + anchored.height, event)
        return anchored.value, anchored.span

    def _collection(self, event: Any) -> tuple[Any, Span]:
        before, outside = self.count - 1, self.deepest
        if event.anchor:
            self.anchors[event.anchor] = None
        self.depth += 1
        self.deepest = 0
        self._reach(self.depth, event)
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        value, span = self._mapping(event) if is_mapping else self._sequence(event)
        self.depth -= 1
        if event.anchor:
            height = self.deepest - self.depth
            self.anchors[event.anchor] = _Anchored(value, span, self.count - before, height)
        self.deepest = max(self.deepest, outside)
        return value, span

    def _sequence(self, start: Any) -> tuple[list[Any], Span]:
        values: list[Any] = []
        parts: list[Span] = []
        self.path.append(0)
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            self.path[-1] = len(values)
            value, span = self._value(event)
            values.append(value)
            parts.append(span)
        self.path.pop()
        whole = self._span(start, event)
        whole.parts = parts
        return values, whole

    def _mapping(self, start: Any) -> tuple[dict[str, Any], Span]:
        entries = _Entries({}, {}, {})
        own: set[str] = set()
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if self._is_merge(event):
                self._merge(entries, own)
                continue
            key, at = self._key(event)
            self.path.append(key)
            if key in own:
                self.duplicates.append((tuple(self.path), *at))
            own.add(key)
            value, span = self._value(next(self.events))
            self.path.pop()
            entries.add(key, value, span, at)
        whole = self._span(start, event)
        whole.parts, whole.keys = entries.parts, entries.keys
        return entries.values, whole

    def _is_merge(self, event: Any) -> bool:
        named = isinstance(event, yaml.ScalarEvent) and event.value == "<<"
        return bool(self.dialect.merge) and named and (event.implicit[0] or event.tag == _MERGE)

    def _merge(self, entries: _Entries, own: set[str]) -> None:
        """Add what ``<<`` names; of several mappings the first one wins."""
        event = next(self.events)
        value, span = self._value(event)
        values, spans = ([value], [span]) if isinstance(value, dict) else (value, span.parts)
        if not isinstance(values, list) or not all(isinstance(each, dict) for each in values):
            raise self._refused("`<<` needs a mapping, or a list of mappings", event)
        kept = own if self.dialect.merge == "own keys win" else ()
        for each, parts in reversed([*zip(values, spans, strict=True)]):
            for key, inner in each.items():
                if key not in kept:
                    entries.add(key, inner, parts.parts[key], parts.keys[key])

    def _key(self, event: Any) -> tuple[str, tuple[int, int]]:
        value, span = self._value(event)
        if isinstance(value, dict | list):
            raise self._refused("a key is a mapping or a list", event)
        if self.dialect.json and value is None:
            raise self._refused("a key is null", event)
        key = _json_key(value) if self.dialect.json else span.text
        if isinstance(event, yaml.AliasEvent):
            span = self._span(event, event)
        return key, (span.start, span.end)

    def _scalar(self, event: Any) -> Any:
        booleans = self.dialect.booleans
        value: Any
        if event.tag is None:
            value = resolve(event.value, booleans) if event.implicit[0] else event.value
        else:
            try:
                value = tagged(event.value, event.tag, booleans)
            except ValueError as error:
                raise self._refused(str(error), event) from error
        if not self.dialect.json or not isinstance(value, int | float):
            return value
        if not isfinite(value):
            raise self._refused(f"`{event.value}` is no number in JSON", event)
        return value if value < 2**63 else float(value)


class _Entries(NamedTuple):
    """The entries of a mapping while it is read."""

    values: dict[str, Any]
    parts: dict[str, Span]
    keys: dict[str, tuple[int, int]]

    def add(self, key: str, value: Any, span: Span, at: tuple[int, int]) -> None:
        self.values[key] = value
        self.parts[key] = span
        self.keys[key] = at


def _json_key(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:g}"
        case _:
            return str(value)
