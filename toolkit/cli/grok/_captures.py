"""What an expression captures in a line, printed as the hash that grok stores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from json.encoder import encode_basestring
from typing import Any, TypeAlias

from toolkit.logstash.event import FieldError
from toolkit.logstash.fieldref import parse
from toolkit.logstash.grok.expression import Capture, Captured
from toolkit.logstash.values import to_json

__all__ = ["Print", "printing"]

Print: TypeAlias = Callable[[Sequence[Captured]], str]
"""Makes JSON of what was captured; what took no part, or is empty, is left out."""
_Path: TypeAlias = "tuple[str, ...]"


def printing(captures: Sequence[Capture]) -> Print:
    """Work out once where captures go: to their fields, in hashes made on the way.

    A field that comes again gets an array.

    >>> shown = printing([Capture("a", 1), Capture("[b][c]", 2), Capture("a", 3)])
    >>> shown(["x", 1, "y"])
    '{"a":["x","y"],"b":{"c":1}}'
    """
    paths = [_path(capture.field) for capture in captures]
    if _in_each_others_way(paths):
        return lambda values: to_json(_stored(paths, values))
    tree = _tree(dict(zip(paths, range(len(paths)), strict=True)))
    return lambda values: _printed(tree, values)


def _path(field: str) -> _Path:
    try:
        path = parse(field)
    except FieldError:
        return (field,)
    return (*(("@metadata",) if path.metadata else ()), *path.parents, path.name)


def _in_each_others_way(paths: Sequence[_Path]) -> bool:
    """Whether a field comes twice, or is part of another."""
    return any(after[: len(before)] == before for before, after in pairwise(sorted(paths)))


_Tree: TypeAlias = "list[tuple[str, int, _Tree | None]]"
"""The keys of a hash as JSON, each with the index of its value, or with the tree below it."""


def _tree(places: dict[_Path, int]) -> _Tree:
    below: dict[str, dict[_Path, int]] = {}
    for (name, *rest), place in places.items():
        below.setdefault(f"{encode_basestring(name)}:", {})[tuple(rest)] = place
    return [
        (key, inner[()], None) if () in inner else (key, 0, _tree(inner))
        for key, inner in below.items()
    ]


def _printed(tree: _Tree, values: Sequence[Captured]) -> str:
    """Print without making a hash first, which takes twice as long."""
    parts: list[str] = []
    for key, place, below in tree:
        if below is None:
            value = values[place]
            if isinstance(value, str):
                if value:
                    parts.append(key + encode_basestring(value))
            elif value is not None:
                parts.append(key + to_json(value))
        elif (inner := _printed(below, values)) != "{}":
            parts.append(key + inner)
    return f"{{{','.join(parts)}}}"


def _stored(paths: Sequence[_Path], values: Sequence[Captured]) -> dict[str, Any]:
    stored: dict[str, Any] = {}
    for (*parents, name), value in zip(paths, values, strict=True):
        if value is None or value == "":
            continue
        holder: Any = stored
        for parent in parents:
            holder = holder.setdefault(parent, {}) if isinstance(holder, dict) else None
        if isinstance(holder, dict):
            holder[name] = _joined(holder[name], value) if name in holder else value
    return stored


def _joined(held: Any, value: Captured) -> Any:
    """Only strings and arrays take further values."""
    if isinstance(held, list):
        return [*held, value]
    return [held, value] if isinstance(held, str) else held
