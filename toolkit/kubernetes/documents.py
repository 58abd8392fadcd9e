"""YAML documents as Kubernetes reads them, with the place of every key and item."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import yaml

from toolkit.findings import Location
from toolkit.yamltext import Loader

Path = tuple[str | int, ...]

_MERGE = "tag:yaml.org,2002:merge"
_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")


@dataclass(frozen=True, slots=True)
class Document:
    """Plain data, and where its keys and items stand; the root stands under ``()``."""

    source: str
    value: Any
    places: dict[Path, Location]
    values: dict[Path, Location]
    """Where what the keys stand for begins."""
    twice: dict[Path, Location]
    """Keys that stand a second time in their mapping; the first one counts."""
    lines: list[str]
    """The lines of the whole file."""

    def below(self, *path: str | int) -> Document:
        """The part at ``path`` as a document of its own."""
        value = self.value
        for part in path:
            value = value[part]
        return replace(
            self,
            value=value,
            places=_below(self.places, path),
            values=_below(self.values, path),
            twice=_below(self.twice, path),
        )


def _below(places: dict[Path, Location], path: Path) -> dict[Path, Location]:
    depth = len(path)
    return {inner[depth:]: at for inner, at in places.items() if inner[:depth] == path}


def documents(text: str, source: str) -> Iterator[Document]:
    """Every document of a text; raises `yaml.YAMLError` where it is no YAML."""
    lines = [line.rstrip("\r") for line in text.split("\n")]
    for root in yaml.compose_all(text, Loader):
        reader = _Reader(source, lines)
        value = reader.value(root, ())
        yield Document(source, value, reader.places, reader.values, reader.twice, lines)


class _Reader:
    """Turns the nodes of one document into data, and notes their places."""

    def __init__(self, source: str, lines: list[str]) -> None:
        self.source, self.lines = source, lines
        self.places: dict[Path, Location] = {}
        self.values: dict[Path, Location] = {}
        self.twice: dict[Path, Location] = {}
        self._open: list[yaml.Node] = []
        self._scalars = Loader("")

    def value(self, node: yaml.Node, path: Path) -> Any:
        self.values[path] = self._locate(node)
        self.places.setdefault(path, self.values[path])
        if node in self._open:
            raise _refused("a value contains itself", node)
        self._open.append(node)
        try:
            return self._data(node, path)
        finally:
            self._open.pop()

    def _data(self, node: yaml.Node, path: Path) -> Any:
        match node:
            case yaml.MappingNode():
                return self._mapping(node, path)
            case yaml.SequenceNode():
                return [self.value(each, (*path, i)) for i, each in enumerate(node.value)]
            case _:
                return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.tag == _MERGE:
                merged = {**self._merged(value_node, path), **merged}
                continue
            if not isinstance(key_node, yaml.ScalarNode):
                raise _refused("a key is no text", key_node)
            key = str(key_node.value)
            if key in found:
                self.twice[*path, key] = self._locate(key_node)
                continue
            self.places[(*path, key)] = self._locate(key_node)
            found[key] = self.value(value_node, (*path, key))
        return {**merged, **found}

    def _merged(self, node: yaml.Node, path: Path) -> dict[str, Any]:
        parts = node.value if isinstance(node, yaml.SequenceNode) else [node]
        found: dict[str, Any] = {}
        for part in parts:
            if isinstance(part, yaml.MappingNode):
                found = {**self.value(part, path), **found}
        return found

    def _scalar(self, node: yaml.Node) -> Any:
        """The value; days and times (``22:22``) stay texts, as Kubernetes takes them."""
        if node.tag == _TIMESTAMP or (node.tag in _NUMBERS and ":" in node.value):
            return str(node.value)
        try:
            return self._scalars.construct_object(node)
        except ValueError:
            return str(node.value)

    def _locate(self, node: yaml.Node) -> Location:
        start, end = node.start_mark, node.end_mark
        line = self.lines[start.line] if start.line < len(self.lines) else ""
        one = end.line == start.line
        width = (end.column if one else len(line)) - start.column
        return Location(self.source, start.line + 1, start.column + 1, line, max(1, width))


def _refused(problem: str, node: yaml.Node) -> yaml.MarkedYAMLError:
    return yaml.composer.ComposerError(None, None, problem, node.start_mark)
