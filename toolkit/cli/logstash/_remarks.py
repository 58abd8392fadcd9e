"""All there is to say of a configuration: faults, what is not emulated, and warnings."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from toolkit.cli._pipelines import Settings, read_configuration
from toolkit.errors import PipelineError, Unsupported
from toolkit.findings import Finding, Severity
from toolkit.logstash.config import nodes
from toolkit.logstash.lint.all import lint
from toolkit.logstash.pipeline.compiler import compile as compile_pipeline
from toolkit.reports.layout.terminal import Style, parts

_PLACE = "Logstash reports"
_MESSAGE = f". {_PLACE}: "
_SIGNS = {Severity.ERROR: ("✗", "red"), Severity.WARNING: ("!", "yellow"), Severity.INFO: ("·",)}


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


def look_over(paths: Sequence[str], settings: Settings) -> Remarks:
    """Find all that is wrong with the configurations in ``paths`` at once.

    Raises `InputError` where one cannot be read.
    """
    try:
        configuration = read_configuration(paths, settings)
    except PipelineError as error:
        return Remarks(faults=error.findings)
    except Unsupported as error:
        return Remarks(unsupported=error.findings)
    context = settings.context(paths)
    found = Remarks(
        warnings=tuple(
            replace(each.finding, severity=each.severity) for each in lint(configuration, context)
        ),
        plugins=sum(isinstance(node, nodes.Plugin) for node in nodes.walk(configuration)),
    )
    try:
        pipeline = compile_pipeline(configuration, context)
    except PipelineError as error:
        return replace(found, faults=error.findings)
    return replace(found, unsupported=pipeline.unsupported)


def show(remarks: Remarks, style: Style) -> Iterator[str]:
    """Lines for a terminal: faults first, then what is not emulated, warnings, a verdict."""
    for finding in remarks.faults:
        yield from _finding(finding, style, "✗", "red")
    for finding in remarks.unsupported:
        yield from _finding(finding, style, "?", "yellow")
    for finding in remarks.warnings:
        yield from _finding(finding, style, *_SIGNS[finding.severity or Severity.WARNING])
    yield _verdict(remarks, style)


def _finding(finding: Finding, style: Style, sign: str, *tint: str) -> Iterator[str]:
    yield f"{style.paint(sign, *tint)} {style.paint(str(finding.where), 'bold')}"
    yield from _wrapped(finding.what, style)
    why, _, message = finding.why.partition(_MESSAGE)
    marks = tuple(mark for mark in finding.marks if mark.label != _PLACE)
    yield from parts(replace(finding, why=why, marks=marks), style)
    if message:
        places = (f" at {mark.where}" for mark in finding.marks if mark.label == _PLACE)
        said = f"{_PLACE}{''.join(places)}: {message}"
        yield from (style.paint(line, "dim") for line in _wrapped(said, style))
    yield ""


def _wrapped(text: str, style: Style) -> list[str]:
    indent = "  "
    return textwrap.wrap(
        text, style.width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )


def _verdict(remarks: Remarks, style: Style) -> str:
    notes = sum(each.severity is Severity.INFO for each in remarks.warnings)
    warned = _many(len(remarks.warnings) - notes, "warning")
    warned += f", {_many(notes, 'note')}" if notes else ""
    if remarks.faults:
        word, said = style.paint("REFUSED", "red", "bold"), _many(len(remarks.faults), "fault")
    elif remarks.unsupported:
        word = style.paint("UNPROVEN", "yellow", "bold")
        count, plugins = len(remarks.unsupported), _many(remarks.plugins, "plugin")
        said = f"{count} of {plugins} not emulated" if remarks.plugins else "too deep to follow"
    else:
        word, said = style.paint("ACCEPTED", "green", "bold"), _many(remarks.plugins, "plugin")
    return f"{word}  {said}, {warned}"


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"
