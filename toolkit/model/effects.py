"""Effects of findings: a pure function of a report and the lineage of what is broken."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from toolkit.findings import Affected, Effect, Finding, Subject
from toolkit.model.report import Judgement, Report

if TYPE_CHECKING:
    from toolkit.model.lineage import Lineage, LineageNode

_OBVIOUS = ("field", "mapping", "dashboard", "workload")
"""Kinds that are not worth an effect line on their own."""


def asks_for_lineage(report: Report) -> bool:
    """True if a finding names what it breaks: it has effects, and may be a cause of others."""
    return any(each.breaks for judged in report.judgements for each in judged.findings)


def with_effects(report: Report, lineage: Lineage) -> Report:
    """Add to each finding the nodes that depend on what it breaks, and expand its causes.

    The ``sources`` of a field in `Finding.follows` become everything upstream of the field.
    """
    return replace(report, judgements=tuple(_led(each, lineage) for each in report.judgements))


def _led(judgement: Judgement, lineage: Lineage) -> Judgement:
    return replace(
        judgement,
        findings=tuple(
            _leading(_explained(each, lineage), lineage) for each in judgement.findings
        ),
        unproven=tuple(_explained(each, lineage) for each in judgement.unproven),
    )


def _explained(finding: Finding, lineage: Lineage) -> Finding:
    fields = [Subject("field", each.name) for each in finding.follows if each.kind == "sources"]
    if not fields:
        return finding
    above = lineage.above(lineage.about(fields))
    plain = [each for each in finding.follows if each.kind != "sources"]
    subjects = (subject for node in above for subject in node.subjects)
    return replace(finding, follows=tuple(dict.fromkeys((*plain, *subjects))))


def _leading(finding: Finding, lineage: Lineage) -> Finding:
    broken = lineage.about(finding.breaks)
    below = [node for node in lineage.below(broken) if _counts(node)]
    if all(node.kind in _OBVIOUS for node in below):
        return finding
    effect = Effect(tuple(map(_broken, broken)), tuple(map(_affected, below)))
    return replace(finding, effect=effect)


def _counts(node: LineageNode) -> bool:
    return node.kind == "mapping" or not (node.means or node.kind == "event field")


def _affected(node: LineageNode) -> Affected:
    return Affected(node.kind, node.name, node.where, node.detail)


def _broken(node: LineageNode) -> Affected:
    """A failing step is named by the lines it should have parsed."""
    for subject in node.subjects:
        if node.means and subject.kind == "lines":
            return Affected(subject.kind, subject.name, node.where, node.name)
    return _affected(node)
