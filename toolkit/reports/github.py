"""A report as workflow commands of GitHub Actions: annotations at the lines concerned."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.findings import Finding, Severity
from toolkit.model.report import Report
from toolkit.reports.digest.effects import effect_line
from toolkit.reports.digest.entries import doubts, findings
from toolkit.reports.terminal.style import visible

_MOST = 10
"""GitHub shows no more annotations of one step."""

_ROOM = 120
"""Characters of an effect: a line of an annotation in a browser."""

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report) -> str:
    """Write the ten weightiest findings and doubts, one command a line."""
    lines = list(_lines(report))
    shown = lines if len(lines) <= _MOST else lines[: _MOST - 1]
    more = len(lines) - len(shown)
    if more:
        shown.append(f"::notice title=toolkit::and {more} more; see the text report")
    return "".join(line + "\n" for line in shown)


def _lines(report: Report) -> Iterator[str]:
    for entry in findings(report):
        kind = _COMMANDS[entry.finding.severity or Severity.ERROR]
        yield _command(kind, entry.check.id, entry.finding)
    for entry in doubts(report):
        yield _command("warning", f"unproven: {', '.join(entry.checks)}", entry.finding)


def _command(kind: str, title: str, finding: Finding) -> str:
    where = finding.where
    places = {"file": where.source, "line": where.line, "col": where.column, "title": title}
    inside = ",".join(f"{key}={_property(str(v))}" for key, v in places.items() if v is not None)
    effect = f"\neffect: {effect_line(finding.effect, _ROOM)}" if finding.effect else ""
    said = f"{finding.what}\n{finding.why}{effect}\nfix: {finding.fix}"
    return f"::{kind} {inside}::{_data(said)}"


def _data(text: str) -> str:
    text = "\n".join(visible(line) for line in text.split("\n"))
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
