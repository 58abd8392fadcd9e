"""A report for programs. The format is versioned; within a version, keys are only added."""

from __future__ import annotations

import json
import re
from typing import Any

from toolkit.findings import Affected, Effect, Finding, Location
from toolkit.model.baseline import fingerprint
from toolkit.model.report import Judgement, Report
from toolkit.reports.digest.entries import Entry, findings, hops

VERSION = 1

_LONE = re.compile("[\ud800-\udfff]")
"""Bytes that were not UTF-8 in the input; JSON can escape them, UTF-8 has no form for them."""


def render(report: Report) -> str:
    """Write the report as one JSON object, its keys in a fixed order."""
    text = json.dumps(_report(report), indent=2, ensure_ascii=False) + "\n"
    return _LONE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def _report(report: Report) -> dict[str, Any]:
    return {
        "version": VERSION,
        "contract": report.contract,
        "verdict": report.verdict.value,
        "fail_on": report.fail_on.name.lower(),
        "hops": [
            {
                "name": hop.name,
                "verdict": hop.verdict.value,
                "checks": hop.checks,
                "looked_at": list(hop.looked_at),
            }
            for hop in hops(report)
        ],
        "findings": [_entry(entry, report) for entry in findings(report)],
        "judgements": [_judgement(judgement, report) for judgement in report.judgements],
        "stale_suppressions": [_finding(finding) for finding in report.stale],
    }


def _entry(entry: Entry, report: Report) -> dict[str, Any]:
    return {
        "check": entry.check.id,
        "fingerprint": fingerprint(entry.check.id, entry.finding, report.contract),
        **_finding(entry.finding),
        "also_at": [_location(each.where) for each in entry.elsewhere],
        "consequences": [_entry(each, report) for each in entry.consequences],
        "leaves_unproven": list(entry.checks),
    }


def _judgement(judgement: Judgement, report: Report) -> dict[str, Any]:
    def identified(check: str, finding: Finding) -> dict[str, Any]:
        named = {"fingerprint": fingerprint(check, finding, report.contract)}
        return {**named, **_finding(finding)}

    check = judgement.step.check.id
    return {
        "step": judgement.step.name,
        "check": check,
        "declared": _location(judgement.step.expectation.declared),
        "verdict": judgement.verdict.value,
        "looked_at": {
            "sampled": judgement.sampled,
            "unit": judgement.unit,
            "origin": judgement.origin,
        },
        "findings": [identified(check, finding) for finding in judgement.findings],
        "unproven": [identified("", finding) for finding in judgement.unproven],
        "accepted": [
            {
                **identified("" if each.unproven else check, each.finding),
                "unproven": each.unproven,
                "reason": each.by.reason,
                "expires": each.by.expires.isoformat() if each.by.expires else None,
            }
            for each in judgement.accepted
        ],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "severity": finding.severity.name.lower() if finding.severity else None,
        "what": finding.what,
        "where": _location(finding.where),
        "why": finding.why,
        "fix": finding.fix,
        "effect": _effect(finding.effect) if finding.effect else None,
        "marks": [{"label": mark.label, **_location(mark.where)} for mark in finding.marks],
    }


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "broken": [_affected(each) for each in effect.broken],
        "reached": [_affected(each) for each in effect.reached],
    }


def _affected(found: Affected) -> dict[str, Any]:
    named = {"kind": found.kind, "name": found.name, "detail": found.detail}
    return {**named, **_location(found.where)}


def _location(where: Location) -> dict[str, Any]:
    return {"source": where.source, "line": where.line, "column": where.column}
