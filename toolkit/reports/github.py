"""A report as workflow commands of GitHub Actions: annotations at the lines concerned."""

from __future__ import annotations

from toolkit.findings import Finding, Severity
from toolkit.model.report import Report
from toolkit.reports.digest.effects import effect_line
from toolkit.reports.digest.entries import caveats, findings
from toolkit.reports.terminal.style import visible

_MOST = 10
"""Maximum number of annotations that GitHub shows for a step."""

_ROOM = 120
"""Characters of an effect line in an annotation."""

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report) -> str:
    """Write the ten most severe findings, one command a line; further places come last."""
    lines = _lines(report)
    shown = lines if len(lines) <= _MOST else lines[: _MOST - 1]
    more = len(lines) - len(shown)
    if more:
        shown.append(f"::notice title=toolkit::and {more} more; see the text report")
    return "".join(line + "\n" for line in shown)


def _lines(report: Report) -> list[str]:
    first, further = [], []
    for entry in findings(report):
        kind = _COMMANDS[entry.finding.severity or Severity.ERROR]
        first.append(_command(kind, entry.check.id, entry.finding))
        further += [_command(kind, entry.check.id, each) for each in entry.elsewhere]
    for entry in caveats(report):
        title = f"unproven: {', '.join(entry.checks)}"
        first.append(_command("warning", title, entry.finding))
        further += [_command("warning", title, each) for each in entry.elsewhere]
    return [*first, *further]


def _command(kind: str, title: str, finding: Finding) -> str:
    where = finding.where
    places = {"file": where.source, "line": where.line, "col": where.column, "title": title}
    inside = ",".join(f"{key}={_property(str(v))}" for key, v in places.items() if v is not None)
    effect = f"\neffect: {effect_line(finding.effect, _ROOM)}" if finding.effect else ""
    message = f"{finding.what}\n{finding.why}{effect}\nfix: {finding.fix}"
    return f"::{kind} {inside}::{_data(message)}"


def _data(text: str) -> str:
    text = "\n".join(visible(line) for line in text.split("\n"))
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
