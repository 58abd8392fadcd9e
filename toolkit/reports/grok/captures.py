"""What an expression captures in a line, printed as the hash that grok stores."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, TypeAlias

from toolkit.logstash.event.fieldref import FieldError, parse
from toolkit.logstash.event.values import to_json
from toolkit.logstash.grok.expression import Capture, Captured
from toolkit.reports.grok.templates import Groups, Print, forms

_Path: TypeAlias = "tuple[str, ...]"


def printing(captures: Sequence[Capture]) -> Print:
    """Work out once where captures go: to their fields, in hashes made on the way.

    A field that comes again gets an array. What took no part, or is empty, is left out.

    >>> shown = printing([Capture("a", 1), Capture("[b][c]", 2, "int"), Capture("a", 3)])
    >>> shown(["x", "1", "y"])
    '{"a":["x","y"],"b":{"c":1}}'
    """
    paths = [_path(capture.field) for capture in captures]
    if _in_each_others_way(paths):
        return lambda groups: to_json(_stored(paths, _values(captures, groups)))
    return forms(dict(zip(paths, captures, strict=True)))


def _path(field: str) -> _Path:
    try:
        path = parse(field)
    except FieldError:
        return (field,)
    return (*(("@metadata",) if path.metadata else ()), *path.parents, path.name)


def _in_each_others_way(paths: Sequence[_Path]) -> bool:
    """Whether a field comes twice, or is part of another."""
    return any(after[: len(before)] == before for before, after in pairwise(sorted(paths)))


def _values(captures: Sequence[Capture], groups: Groups) -> list[Captured]:
    texts = [groups[capture.group - 1] for capture in captures]
    return [
        text if text is None or capture.convert is None else capture.convert(text)
        for capture, text in zip(captures, texts, strict=True)
    ]


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
