"""What findings lead to: a pure function on a report, by the lineage of what is broken."""

from __future__ import annotations

from dataclasses import replace

from toolkit.findings import Affected, Effect, Finding
from toolkit.model.lineage import Lineage, Node
from toolkit.model.report import Report

__all__ = ["with_effects"]

_OBVIOUS = ("field", "mapping", "dashboard", "workload")
"""Kinds whose being concerned is worth no word, unless something else is too."""


def with_effects(report: Report, lineage: Lineage) -> Report:
    """Say of each finding what depends on what is broken by it."""
    return replace(
        report,
        judgements=tuple(
            replace(each, findings=tuple(_traced(found, lineage) for found in each.findings))
            for each in report.judgements
        ),
    )


def _traced(finding: Finding, lineage: Lineage) -> Finding:
    broken = lineage.about(finding.breaks)
    below = [node for node in lineage.below(broken) if node.kind == "mapping" or not node.means]
    if all(node.kind in _OBVIOUS for node in below):
        return finding
    effect = Effect(tuple(map(_affected, broken)), tuple(map(_affected, below)))
    return replace(finding, effect=effect)


def _affected(node: Node) -> Affected:
    return Affected(node.kind, node.name, node.where, node.detail)
