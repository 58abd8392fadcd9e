"""The captures of an expression as JSON, in the hash that grok stores."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, TypeAlias

from toolkit.logstash.event.fieldref import FieldError, parse
from toolkit.logstash.event.values import to_json
from toolkit.logstash.grok.expression import Capture, Captured
from toolkit.reports.grok.templates import Groups, Print, template_printer

_Path: TypeAlias = "tuple[str, ...]"


def captures_printer(captures: Sequence[Capture]) -> Print:
    """Return a function that prints the groups of a match as JSON.

    A field with several captures gets an array. Captures that are empty, or did not
    participate, are omitted.

    >>> shown = captures_printer([Capture("a", 1), Capture("[b][c]", 2, "int"), Capture("a", 3)])
    >>> shown(["x", "1", "y"])
    '{"a":["x","y"],"b":{"c":1}}'
    """
    paths = [_path(capture.field) for capture in captures]
    if _overlap(paths):
        return lambda groups: to_json(_stored(paths, _values(captures, groups)))
    return template_printer(dict(zip(paths, captures, strict=True)))


def _path(field: str) -> _Path:
    try:
        path = parse(field)
    except FieldError:
        return (field,)
    return (*(("@metadata",) if path.metadata else ()), *path.parents, path.name)


def _overlap(paths: Sequence[_Path]) -> bool:
    """Return True if a field occurs twice, or is part of another."""
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
    """Only strings and arrays accept further values."""
    if isinstance(held, list):
        return [*held, value]
    return [held, value] if isinstance(held, str) else held
