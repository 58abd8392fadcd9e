"""A report as a table of Markdown, for a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.findings import Finding
from toolkit.model.report import Report

_HEAD = ("| verdict | check | what | where |", "|---|---|---|---|")


def render(report: Report) -> str:
    """Write a line for each finding, and for all that could not be looked at."""
    return "\n".join([f"**{report.verdict.name}**\n", *_HEAD, *_rows(report)]) + "\n"


def _rows(report: Report) -> Iterator[str]:
    for judgement in report.judgements:
        for finding in (*judgement.findings, *judgement.unproven):
            verdict, check = judgement.verdict.name, judgement.step.check.id
            yield f"| {verdict} | `{check}` | {_cell(finding.what)} | {_place(finding)} |"


def _place(finding: Finding) -> str:
    return _cell(str(finding.where))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
