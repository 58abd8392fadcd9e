"""The inputs of a Filebeat configuration, as far as they change lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import yaml

from toolkit.errors import InputError, Unsupported
from toolkit.findings import Finding, Location

__all__ = ["Input", "Multiline", "Searches", "parse_inputs"]


class Searches(Protocol):
    """An expression that can be looked for in a line."""

    def search(self, text: str, /) -> object | None:
        """Anything but None where the line holds it."""
        ...


@dataclass(frozen=True, slots=True)
class Multiline:
    """How lines are joined: those that (do not) match go after, or before, their neighbour."""

    pattern: Searches
    negate: bool = False
    match: Literal["after", "before"] = "after"
    max_lines: int = 500
    flush_pattern: Searches | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """One input: which files, how lines are joined, what is added to each event."""

    paths: tuple[str, ...] = ()
    multiline: Multiline | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    fields_under_root: bool = False
    tags: tuple[str, ...] = ()

    def event(self) -> dict[str, Any]:
        """The fields that every event of this input gets."""
        added = dict(self.fields) if self.fields_under_root else {}
        if self.fields and not self.fields_under_root:
            added["fields"] = dict(self.fields)
        if self.tags:
            added["tags"] = list(self.tags)
        return added


def parse_inputs(text: str, *, source: str) -> tuple[Input, ...]:
    """Read the enabled inputs of ``filebeat.yml``; several documents (ConfigMaps) are searched.

    Raises `InputError` where the text is no YAML, `Unsupported` for joining by count or by
    ``while_pattern`` and for expressions that Go reads otherwise than Python.
    """
    try:
        documents = list(yaml.safe_load_all(text))
    except yaml.MarkedYAMLError as error:
        raise InputError(_not_yaml(source, text, error)) from error
    return tuple(
        _input(each, source)
        for document in documents
        for each in _inputs_of(document)
        if each.get("enabled", True)
    )


def _inputs_of(document: Any) -> Iterator[Mapping[str, Any]]:
    if not isinstance(document, dict):
        return
    beat = document.get("filebeat")
    nested = beat.get("inputs") if isinstance(beat, dict) else None
    for found in (document.get("filebeat.inputs"), nested):
        if isinstance(found, list):
            yield from (each for each in found if isinstance(each, dict))


def _input(options: Mapping[str, Any], source: str) -> Input:
    joined = next(_multilines(options), None)
    return Input(
        paths=tuple(options.get("paths") or ()),
        multiline=_multiline(joined, source) if joined else None,
        fields=options.get("fields") or {},
        fields_under_root=bool(options.get("fields_under_root")),
        tags=tuple(options.get("tags") or ()),
    )


def _multilines(options: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for parser in options.get("parsers") or ():
        if isinstance(parser, dict) and isinstance(parser.get("multiline"), dict):
            yield parser["multiline"]
    if isinstance(options.get("multiline"), dict):
        yield options["multiline"]
    dotted = {
        name.removeprefix("multiline."): value
        for name, value in options.items()
        if name.startswith("multiline.")
    }
    if dotted:
        yield dotted


def _multiline(options: Mapping[str, Any], source: str) -> Multiline:
    kind = options.get("type", "pattern")
    if kind != "pattern":
        raise Unsupported(_unsupported(source, f"joins lines by `{kind}`"))
    flush = options.get("flush_pattern")
    return Multiline(
        pattern=_compile(str(options.get("pattern", "")), source),
        negate=bool(options.get("negate")),
        match="before" if options.get("match") == "before" else "after",
        max_lines=int(options.get("max_lines", 500)),
        flush_pattern=_compile(str(flush), source) if flush else None,
    )


# What Go's expressions spell otherwise than Python's.
_GO = ((r"\z", r"\Z"), ("[[:digit:]]", r"[0-9]"), ("[[:space:]]", r"[\t\n\v\f\r ]"))


def _compile(pattern: str, source: str) -> re.Pattern[str]:
    python = pattern
    for go, ours in _GO:
        python = python.replace(go, ours)
    try:
        return re.compile(python, re.ASCII)
    except re.error as error:
        raise Unsupported(_unsupported(source, f"has `{pattern}`: {error}")) from error


def _unsupported(source: str, what: str) -> Finding:
    return Finding(
        what=f"the multiline setting {what}, which is not emulated",
        where=Location(source),
        why="what the shipper makes of lines cannot be said offline",
        fix="join by pattern, or give samples that are joined already and leave `shipper:` out.",
    )


def _not_yaml(source: str, text: str, error: yaml.MarkedYAMLError) -> Finding:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.split("\n")
    return Finding(
        what="the Filebeat configuration is not valid YAML",
        where=Location(source, line + 1, column + 1, lines[line] if line < len(lines) else ""),
        why=f"YAML says: {error.problem or error}",
        fix="correct the line.",
    )
