"""Rule files: recording and alerting rules, each with the place of its expression."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.errors import InputError
from toolkit.prometheus.passage import Passage
from toolkit.prometheus.rulefile import RuleFile


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

    Raises `InputError` with all for which Prometheus would refuse the file.
    """
    file = RuleFile.of(text, source)
    found = tuple(_rule(file, entries) for _, entries in file.rules())
    if file.faults:
        raise InputError(*file.faults)
    return found


def _rule(file: RuleFile, entries: Mapping[str, Any]) -> Rule:
    name = entries.get("alert") or entries["record"]
    expression = entries["expr"]
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
        labels=_texts(file, entries.get("labels")),
        annotations=_texts(file, entries.get("annotations")),
        passage=Passage(file.source, first + 1, column, file.lines[first : max(last, first + 1)]),
    )


def _texts(file: RuleFile, node: Any) -> dict[str, str]:
    return {key: str(value.value) for key, value in file.entries(node, "a mapping").items()}
