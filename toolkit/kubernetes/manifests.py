"""Manifests: the objects of YAML files, each knowing where every part of it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from toolkit.errors import InputError
from toolkit.findings import Location
from toolkit.kubernetes.documents import Document, Path, documents
from toolkit.yamltext import not_yaml, place_of

_FIX = "correct the line; what Helm makes can be checked after `helm template`."


@dataclass(frozen=True, eq=False)
class Manifest:
    """One object, such as a Deployment; two are the same only if they are one."""

    source: str
    body: Mapping[str, Any]
    places: Mapping[Path, Location] = field(repr=False)
    """Where keys and items stand."""
    values: Mapping[Path, Location] = field(repr=False)
    """Where what the keys stand for begins."""
    twice: Mapping[Path, Location] = field(default_factory=dict, repr=False)
    """Keys that stand a second time in their mapping; the first one counts."""
    lines: Sequence[str] = field(default=(), repr=False)
    """The lines of its file."""

    @property
    def kind(self) -> str:
        """Such as ``Deployment``."""
        return str(self.body.get("kind") or "")

    @property
    def api_version(self) -> str:
        """Such as ``apps/v1``."""
        return str(self.body.get("apiVersion") or "")

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
    def labels(self) -> Mapping[str, Any]:
        """The labels in its metadata."""
        return mapping(self.get("metadata", "labels"))

    def get(self, *path: str | int) -> Any:
        """The value at ``path``, or None where there is none."""
        return dig(self.body, *path)

    def locate(self, *path: str | int) -> Location:
        """The place of the key or item at ``path``, or of the nearest thing around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places[path]

    def locate_value(self, *path: str | int) -> Location:
        """The place of the value at ``path``; that of its key, where it fills several lines."""
        value = self.get(*path)
        large = value is None or isinstance(value, Mapping | list) or "\n" in str(value)
        return self.locate(*path) if large else self.values.get(path, self.locate(*path))

    def block(self, *path: str | int) -> Block | None:
        """Where the lines of a text that fills several stand; None where it is not literal."""
        text, first = str(self.get(*path)).split("\n"), self.locate(*path).line or 0
        while text and not text[-1]:
            text.pop()
        written = self.lines[first : first + len(text)]
        indent = next((len(w) - len(t) for w, t in zip(written, text, strict=False) if t), 0)
        same = len(written) == len(text) and indent > 0
        if not same or any(w[indent:] != t for w, t in zip(written, text, strict=True)):
            return None
        return Block(self.source, first + 1, indent, written)

    def __str__(self) -> str:
        return f"{self.kind} {self.name}".rstrip()


@dataclass(frozen=True, slots=True)
class Block:
    """A text that stands line by line in a file, all of it indented."""

    source: str
    first: int
    """The number of its first line, counted from 1."""
    indent: int
    lines: Sequence[str]
    """Its lines as they stand in the file."""

    def locate(self, line: int, column: int, width: int = 1) -> Location:
        """The place of a line and column of the text, both counted from 1."""
        excerpt = self.lines[line - 1] if line <= len(self.lines) else ""
        return Location(self.source, self.first + line - 1, self.indent + column, excerpt, width)


def dig(value: Any, *path: str | int) -> Any:
    """The value at ``path`` of mappings and lists, or None where there is none.

    >>> dig({"spec": {"ports": [{"port": 80}]}}, "spec", "ports", 0, "port"), dig([], 0)
    (80, None)
    """
    for part in path:
        if isinstance(value, Mapping) and isinstance(part, str):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            return None
    return value


def is_custom(manifest: Manifest) -> bool:
    """Whether its API group is none of Kubernetes' own."""
    group = manifest.api_version.rpartition("/")[0]
    return "." in group and not group.endswith(".k8s.io")


def mapping(value: Any) -> Mapping[str, Any]:
    """``value`` where it is a mapping; empty where it is anything else."""
    return value if isinstance(value, Mapping) else {}


def items(value: Any) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The mappings in a list, each with its index; none where ``value`` is no list."""
    listed = value if isinstance(value, list) else []
    return ((index, each) for index, each in enumerate(listed) if isinstance(each, Mapping))


def parse_manifests(text: str, *, source: str) -> tuple[Manifest, ...]:
    """Read all objects of a file: what has a kind or an API version; lists are opened.

    Raises `InputError` with the place where the text is no YAML.
    """
    try:
        found = list(documents(text, source))
    except yaml.YAMLError as error:
        where = place_of(error, source, text.split("\n"))
        raise InputError(not_yaml(error, "the manifest", where, _FIX)) from error
    return tuple(
        each for document in found for each in _opened(document) if each.kind or each.api_version
    )


def _opened(document: Document) -> Iterator[Manifest]:
    body = mapping(document.value)
    if body.get("kind") != "List":
        yield Manifest(
            document.source, body, document.places, document.values, document.twice, document.lines
        )
        return
    for index, item in items(body.get("items")):
        inside = document.below("items", index)
        yield Manifest(
            document.source, item, inside.places, inside.values, inside.twice, document.lines
        )
