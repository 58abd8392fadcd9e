"""Effects of findings: a pure function of a report and the lineage of what is broken."""

from __future__ import annotations

from dataclasses import replace

from toolkit.findings import Affected, Effect, Finding
from toolkit.model.lineage import Lineage, LineageNode
from toolkit.model.report import Judgement, Report

_SOURCES = "sources of "
_OBVIOUS = ("field", "mapping", "dashboard", "workload")
"""Kinds that are not worth an effect line on their own."""


def with_effects(report: Report, lineage: Lineage) -> Report:
    """Add to each finding the nodes that depend on what it breaks, and expand its causes.

    ``sources of field x`` in `Finding.follows` expands to everything upstream of the field.
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
    sources = [each for each in finding.follows if each.startswith(_SOURCES)]
    if not sources:
        return finding
    above = lineage.above(lineage.about(each.removeprefix(_SOURCES) for each in sources))
    plain = [each for each in finding.follows if each not in sources]
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
    kind, lines, name = next(iter(node.subjects), "").partition(" of ")
    if node.means and lines and kind == "lines":
        return Affected(kind, name, node.where, node.name)
    return _affected(node)
