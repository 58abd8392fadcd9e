"""The faults and warnings of a Logstash configuration, as `toolkit logstash check` prints them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.findings import Finding, Severity
from toolkit.reports.terminal.finding import ERROR, SIGNS, UNPROVEN, finding_lines
from toolkit.reports.terminal.style import Style


@dataclass(frozen=True, slots=True)
class Remarks:
    """What is wrong with a configuration, by weight."""

    faults: tuple[Finding, ...] = ()
    """What Logstash would refuse."""
    unsupported: tuple[Finding, ...] = ()
    """What is right, and not emulated."""
    warnings: tuple[Finding, ...] = ()
    plugins: int = 0

    @property
    def exit_code(self) -> int:
        """2 for what would not start, 3 for what is not emulated."""
        return 2 if self.faults else 3 if self.unsupported else 0


def show(remarks: Remarks, style: Style) -> Iterator[str]:
    """Lines for a terminal: faults first, then what is not emulated, warnings, a verdict."""
    signed = (
        *((each, ERROR) for each in remarks.faults),
        *((each, UNPROVEN) for each in remarks.unsupported),
        *((each, SIGNS[each.severity or Severity.WARNING]) for each in remarks.warnings),
    )
    for finding, sign in signed:
        yield from finding_lines(finding, style, sign)
        yield ""
    yield _verdict(remarks, style)


def _verdict(remarks: Remarks, style: Style) -> str:
    notes = sum(each.severity is Severity.INFO for each in remarks.warnings)
    warned = _many(len(remarks.warnings) - notes, "warning")
    warned += f", {_many(notes, 'note')}" if notes else ""
    if remarks.faults:
        word, said = style.paint("REFUSED", "red", "bold"), _many(len(remarks.faults), "fault")
    elif remarks.unsupported:
        word = style.paint("UNPROVEN", "yellow", "bold")
        said = ", ".join(_unproven(remarks))
    else:
        word, said = style.paint("ACCEPTED", "green", "bold"), _many(remarks.plugins, "plugin")
    return f"{word}  {said}, {warned}"


def _unproven(remarks: Remarks) -> Iterator[str]:
    variables = sum(each.kind == "unknown-variable" for each in remarks.unsupported)
    others = len(remarks.unsupported) - variables
    if others:
        plugins = _many(remarks.plugins, "plugin")
        yield f"{others} of {plugins} not emulated" if remarks.plugins else "too deep to follow"
    if variables:
        yield f"{_many(variables, 'variable')} without a known value"


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"
