"""Writes reports to the outputs of a call."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from pathlib import Path

import click

from toolkit.cli._files import not_written
from toolkit.cli._names import unknown
from toolkit.connectors import Connector
from toolkit.errors import UsageError
from toolkit.findings import Finding, Location
from toolkit.model.report import Report
from toolkit.reports import formats, renderer
from toolkit.reports import text as text_format
from toolkit.reports.terminal.style import style_of


def check_outputs(wanted: Sequence[str], outputs: Sequence[Path]) -> None:
    """Raise `UsageError` for unknown formats and excess outputs, before anything is run."""
    if len(outputs) > len(wanted):
        raise UsageError(_too_many(len(wanted), len(outputs)))
    for name in wanted:
        if name not in formats():
            raise UsageError(unknown("format", name, formats()))


def write_reports(report: Report, wanted: Sequence[str], outputs: Sequence[Path]) -> None:
    """Write a report in several formats.

    Args:
        report: The report.
        wanted: Names of formats.
        outputs: Files for the formats of the same position; those without a file, and ``-``,
            go to standard output.

    Raises:
        UsageError: A file cannot be written.
    """
    for name, output in zip_longest(wanted, outputs):
        if output is None or str(output) == "-":
            # Colours are decided already: click would remove them where stdout is no terminal.
            click.echo(_rendered(report, name), nl=False, color=True)
        else:
            _write(output, renderer(name)(report))


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    except OSError as error:
        raise UsageError(not_written(path, error)) from error


def recording(connectors: Iterable[Connector], record: Path | None) -> list[Connector]:
    """Return the same connectors; their answers are written to a file, if one is named."""
    if record is None:
        return list(connectors)
    from toolkit.connectors.recording import recorded

    try:
        return recorded(connectors, record)
    except OSError as error:
        raise UsageError(not_written(record, error)) from error


def _rendered(report: Report, name: str) -> str:
    if name == "text":
        return text_format.render(report, style_of(sys.stdout))
    return renderer(name)(report)


def _too_many(formats_given: int, outputs_given: int) -> Finding:
    return Finding(
        what=f"{outputs_given} outputs for {formats_given} formats",
        where=Location("command line"),
        why="each `--output` takes the `--format` of the same position",
        fix="give a `--format` for each `--output`.",
    )
