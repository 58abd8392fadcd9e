"""Rule files: recording and alerting rules, each with the place of its expression."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from toolkit.errors import InputError
from toolkit.findings import Reader
from toolkit.languages.positioned import PositionedNode
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
    """The place of the expression."""

    @property
    def reader(self) -> Reader:
        """Its name as that of a reader."""
        return Reader("alert" if self.alerting else "recording rule", self.name)


def parse_rules(text: str, *, source: str) -> tuple[Rule, ...]:
    """Parse a rule file, or the PrometheusRule manifests in it; no other documents.

    Raises:
        InputError: With everything for which Prometheus would reject the file.
    """
    file = RuleFile.of(text, source)
    found = tuple(_rule(file, entries) for _, entries in file.rules())
    if file.faults:
        raise InputError(*file.faults)
    return found


def _rule(file: RuleFile, entries: Mapping[str, PositionedNode]) -> Rule:
    name = entries.get("alert") or entries["record"]
    return Rule(
        name=name.raw,
        alerting="alert" in entries,
        expression=entries["expr"].raw,
        labels=_texts(file, entries.get("labels")),
        annotations=_texts(file, entries.get("annotations")),
        passage=_passage(file, entries["expr"]),
    )


def _passage(file: RuleFile, expression: PositionedNode) -> Passage:
    """Return the lines of an expression; a block scalar begins on the line after its `|`."""
    span, first = expression.text.span_at(*expression.path), expression.locate()
    line, column = first.line or 1, first.column or 1
    end = file.text.find("\n", span.end)
    written = file.text[span.start - column + 1 : end if end >= 0 else None]
    lines = tuple(each.rstrip("\r") for each in written.split("\n"))
    if span.style in ("|", ">"):
        # It ends where the next token begins.
        return Passage(file.source, line + 1, 1, lines[1 : max(2, len(lines) - 1)])
    return Passage(file.source, line, column + (span.style in ('"', "'")), lines)


def _texts(file: RuleFile, node: PositionedNode | None) -> dict[str, str]:
    return {key: value.raw for key, value in file.entries(node, "a mapping").items()}
