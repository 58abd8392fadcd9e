"""Manifests: the objects of YAML files, each knowing where every part of it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from toolkit.errors import InputError
from toolkit.findings import Finding, Location

__all__ = ["Manifest", "Path", "dig", "parse_manifests"]

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Manifest:
    """One object, such as a Deployment."""

    source: str
    body: Mapping[str, Any]
    places: Mapping[Path, Location] = field(repr=False, compare=False)

    @property
    def kind(self) -> str:
        """Such as ``Deployment``."""
        return str(self.body.get("kind", ""))

    @property
    def api_version(self) -> str:
        """Such as ``apps/v1``."""
        return str(self.body.get("apiVersion", ""))

    @property
    def name(self) -> str:
        """The name in its metadata."""
        return str(self.get("metadata", "name") or "")

    @property
    def namespace(self) -> str | None:
        """The namespace it names itself; None leaves it to the command."""
        found = self.get("metadata", "namespace")
        return None if found is None else str(found)

    @property
    def labels(self) -> Mapping[str, str]:
        """The labels in its metadata."""
        return self.get("metadata", "labels") or {}

    def get(self, *path: str | int) -> Any:
        """The value at ``path``, or None where there is none."""
        return dig(self.body, *path)

    def locate(self, *path: str | int) -> Location:
        """The place of the key or item at ``path``, or of the nearest thing around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places[path]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


def dig(value: Any, *path: str | int) -> Any:
    """The value at ``path`` of mappings and lists, or None where there is none."""
    for part in path:
        if isinstance(value, Mapping) and isinstance(part, str):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            return None
    return value


def parse_manifests(text: str, *, source: str) -> tuple[Manifest, ...]:
    """Read all objects of a file; lists (``kind: List``) are opened, empty documents skipped.

    Raises `InputError` with the place where the text is no YAML.
    """
    lines = text.split("\n")
    try:
        documents = list(yaml.compose_all(text, _Loader))
    except yaml.MarkedYAMLError as error:
        raise InputError(_not_yaml(source, lines, error)) from error
    return tuple(
        manifest
        for document in documents
        if isinstance(document, yaml.MappingNode)
        for manifest in _opened(document, source, lines)
    )


class _Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """The fast loader where libyaml is there."""


def _opened(node: yaml.MappingNode, source: str, lines: list[str]) -> Iterator[Manifest]:
    manifest = _manifest(node, source, lines)
    if manifest.kind != "List":
        yield manifest
        return
    for key, value in node.value:
        if key.value == "items" and isinstance(value, yaml.SequenceNode):
            for item in value.value:
                yield _manifest(item, source, lines)


def _manifest(node: yaml.MappingNode, source: str, lines: list[str]) -> Manifest:
    places: dict[Path, Location] = {(): _location(node, source, lines)}
    body = _value(node, (), places, source, lines)
    return Manifest(source, body, places)


def _value(
    node: yaml.Node, path: Path, places: dict[Path, Location], source: str, lines: list[str]
) -> Any:
    match node:
        case yaml.MappingNode():
            found = {}
            for key_node, value_node in node.value:
                key = str(key_node.value)
                places[(*path, key)] = _location(key_node, source, lines)
                found[key] = _value(value_node, (*path, key), places, source, lines)
            return found
        case yaml.SequenceNode():
            items = []
            for index, item in enumerate(node.value):
                places[(*path, index)] = _location(item, source, lines)
                items.append(_value(item, (*path, index), places, source, lines))
            return items
        case _:
            return _Loader("").construct_object(node)


def _location(node: yaml.Node, source: str, lines: list[str]) -> Location:
    start, end = node.start_mark, node.end_mark
    line = lines[start.line] if start.line < len(lines) else ""
    width = end.column - start.column if end.line == start.line else len(line) - start.column
    return Location(source, start.line + 1, start.column + 1, line, max(1, width))


def _not_yaml(source: str, lines: list[str], error: yaml.MarkedYAMLError) -> Finding:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    return Finding(
        what="the manifest is not valid YAML",
        where=Location(source, line + 1, column + 1, lines[line] if line < len(lines) else ""),
        why=f"YAML says: {error.problem or error}",
        fix="correct the line.",
    )
