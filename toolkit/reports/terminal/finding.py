"""One finding as a block of lines: the same shape in every command and report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from toolkit.errors import ToolkitError, Unavailable
from toolkit.findings import Finding, Location, Severity
from toolkit.reports.digest.effects import effect_line
from toolkit.reports.terminal.style import Style, paragraph, window


class Sign(NamedTuple):
    """How the first line of a block begins."""

    mark: str
    label: str
    """Printed where no check gives its id."""
    colour: str


ERROR = Sign("✗", "error", "red")
UNPROVEN = Sign("?", "could not look", "yellow")
SIGNS: Mapping[Severity, Sign] = {
    Severity.ERROR: ERROR,
    Severity.WARNING: Sign("!", "warning", "yellow"),
    Severity.INFO: Sign("·", "note", "yellow"),
}


def render_finding(
    finding: Finding, style: Style | None = None, sign: Sign | None = None, label: str = ""
) -> str:
    """Write a finding as one block, without a line feed at its end.

    Args:
        finding: As for `finding_lines`.
        style: Default: 80 columns without colour.
        sign: As for `finding_lines`.
        label: As for `finding_lines`.
    """
    return "\n".join(finding_lines(finding, style or Style(), sign, label))


def finding_lines(
    finding: Finding, style: Style, sign: Sign | None = None, label: str = ""
) -> Iterator[str]:
    """Yield the lines of a finding: its place, what, excerpts, why, effect and fix.

    Args:
        finding: The finding, or the content of an error.
        style: Width and colour of the lines.
        sign: Default: that of the finding's severity.
        label: The id of a check; default: the label of the sign.
    """
    sign = sign or SIGNS[finding.severity or Severity.ERROR]
    head = style.paint(f"{sign.mark} {label or sign.label}", sign.colour, "bold")
    yield f"{head}  {finding.where}"
    yield from (f"  {line}" for line in paragraph(finding.what, style.width - 2, most=3))
    yield from _excerpt(finding.where, style)
    for mark in finding.marks:
        yield from _labelled(mark.label, str(mark.where), style)
        yield from _excerpt(mark.where, style)
    yield from _labelled("why", finding.why, style)
    if finding.effect:
        yield from _labelled("effect", effect_line(finding.effect, style.width - 9), style)
    yield from _labelled("fix", finding.fix, style)


def sign_of(error: ToolkitError) -> Sign:
    """Return the sign of an error; if it leaves something unknown, that is UNPROVEN."""
    return UNPROVEN if error.exit_code == Unavailable.exit_code else ERROR


def _labelled(label: str, text: str, style: Style) -> Iterator[str]:
    indent = " " * 7
    lines = paragraph(text, style.width - len(indent), most=4)
    gap = " " * max(1, len(indent) - 2 - len(label))
    yield "  " + style.paint(label, "bold") + gap + lines[0]
    yield from (indent + line for line in lines[1:])


def _excerpt(where: Location, style: Style) -> Iterator[str]:
    """Yield the line of a location, with carets below its columns."""
    if not where.excerpt.strip() or where.column is None:
        return
    number = "" if where.line is None else str(where.line)
    gutter = f"{number:>5} | "
    text, column, width = window(where, style.width - len(gutter))
    yield style.paint(gutter, "blue") + text
    carets = " " * (column - 1) + "^" * width
    yield style.paint(f"{'':>5} | ", "blue") + style.paint(carets, "yellow")
