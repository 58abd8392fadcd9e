"""Rule files: recording and alerting rules, each with the place of its expression."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from toolkit.errors import InputError
from toolkit.findings import Finding, Location
from toolkit.prometheus.passage import Passage

__all__ = ["Rule", "parse_rules"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One recording or alerting rule."""

    name: str
    alerting: bool
    expression: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    passage: Passage
    """Where the expression stands."""


def parse_rules(text: str, *, source: str) -> tuple[Rule, ...]:
    """Read a rule file, or the PrometheusRule manifests in it; no other documents.

    Raises `InputError` where the text is no YAML or a rule has no expression.
    """
    try:
        documents = list(yaml.compose_all(text, yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        raise InputError(_not_yaml(source, text, error)) from error
    lines = tuple(text.split("\n"))
    return tuple(
        _rule(node, source, lines)
        for document in documents
        for group in _items(_groups(document))
        for node in _items(_entries(group).get("rules"))
    )


def _groups(document: Any) -> Any:
    entries = _entries(document)
    if "spec" in entries:
        return _entries(entries["spec"]).get("groups")
    return entries.get("groups")


def _entries(node: Any) -> dict[str, Any]:
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {str(key.value): value for key, value in node.value}


def _items(node: Any) -> Iterator[Any]:
    if isinstance(node, yaml.SequenceNode):
        yield from node.value


def _texts(node: Any) -> dict[str, str]:
    return {key: str(value.value) for key, value in _entries(node).items()}


def _rule(node: Any, source: str, lines: tuple[str, ...]) -> Rule:
    entries = _entries(node)
    name = entries.get("alert") or entries.get("record")
    expression = entries.get("expr")
    if name is None or expression is None:
        raise InputError(_no_rule(source, lines, node))
    start, end = expression.start_mark, expression.end_mark
    # A block scalar's text begins on the line after its `|`.
    block = expression.style in ("|", ">")
    first = start.line + 1 if block else start.line
    column = 1 if block else start.column + 1 + (expression.style in ('"', "'"))
    last = end.line if block else end.line + 1
    return Rule(
        name=str(name.value),
        alerting="alert" in entries,
        expression=str(expression.value),
        labels=_texts(entries.get("labels")),
        annotations=_texts(entries.get("annotations")),
        passage=Passage(source, first + 1, column, lines[first : max(last, first + 1)]),
    )


def _no_rule(source: str, lines: tuple[str, ...], node: Any) -> Finding:
    line = node.start_mark.line
    return Finding(
        what="a rule without a name or without an expression",
        where=Location(source, line + 1, node.start_mark.column + 1, lines[line]),
        why="Prometheus refuses the whole file",
        fix="give it `alert:` or `record:`, and `expr:`.",
    )


def _not_yaml(source: str, text: str, error: yaml.MarkedYAMLError) -> Finding:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.split("\n")
    excerpt = lines[line] if line < len(lines) else ""
    return Finding(
        what="the file is not valid YAML",
        where=Location(source, line + 1, column + 1, excerpt),
        why=f"YAML says: {error.problem or error}",
        fix="correct the line.",
    )
