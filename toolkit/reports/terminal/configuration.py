"""The faults and warnings of a Logstash configuration, as `toolkit logstash check` prints them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.findings import Finding, Severity
from toolkit.reports.terminal.finding import ERROR, SIGNS, UNPROVEN, finding_lines
from toolkit.reports.terminal.style import Style


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The faults and warnings of a configuration."""

    faults: tuple[Finding, ...] = ()
    """Faults that Logstash reports at its start."""
    unsupported: tuple[Finding, ...] = ()
    """Valid parts that are not emulated."""
    warnings: tuple[Finding, ...] = ()
    plugins: int = 0

    @property
    def exit_code(self) -> int:
        """2 if Logstash would not start, 3 if something is not emulated."""
        return 2 if self.faults else 3 if self.unsupported else 0


def show(result: CheckResult, style: Style) -> Iterator[str]:
    """Yield the faults, then what is not emulated, warnings, and a verdict."""
    signed = (
        *((each, ERROR) for each in result.faults),
        *((each, UNPROVEN) for each in result.unsupported),
        *((each, SIGNS[each.severity or Severity.WARNING]) for each in result.warnings),
    )
    for finding, sign in signed:
        yield from finding_lines(finding, style, sign)
        yield ""
    yield _verdict(result, style)


def _verdict(result: CheckResult, style: Style) -> str:
    notes = sum(each.severity is Severity.INFO for each in result.warnings)
    warned = _many(len(result.warnings) - notes, "warning")
    warned += f", {_many(notes, 'note')}" if notes else ""
    if result.faults:
        word, counts = style.paint("REFUSED", "red", "bold"), _many(len(result.faults), "fault")
    elif result.unsupported:
        word = style.paint("UNPROVEN", "yellow", "bold")
        counts = ", ".join(_unproven(result))
    else:
        word, counts = style.paint("ACCEPTED", "green", "bold"), _many(result.plugins, "plugin")
    return f"{word}  {counts}, {warned}"


def _unproven(result: CheckResult) -> Iterator[str]:
    variables = sum(each.kind == "unknown-variable" for each in result.unsupported)
    others = len(result.unsupported) - variables
    if others:
        plugins = _many(result.plugins, "plugin")
        yield f"{others} of {plugins} not emulated" if result.plugins else "too deep to follow"
    if variables:
        yield f"{_many(variables, 'variable')} without a known value"


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"
