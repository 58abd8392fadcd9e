"""Puts reports where they were asked for."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

import click

from toolkit.cli._names import no_such_format
from toolkit.cli._screen import style_of
from toolkit.errors import UsageError
from toolkit.findings import Finding, Location
from toolkit.model.report import Report
from toolkit.reports import formats, renderer
from toolkit.reports import text as text_format

__all__ = ["write_reports"]


def write_reports(report: Report, wanted: Sequence[str], outputs: Sequence[Path]) -> None:
    """Write each format to the output of the same position; standard output without one."""
    if len(outputs) > len(wanted):
        raise UsageError(_too_many(len(wanted), len(outputs)))
    for name in wanted:
        if name not in formats():
            raise UsageError(no_such_format(name, formats()))
    for name, output in zip_longest(wanted, outputs):
        if output is None or str(output) == "-":
            click.echo(_on_screen(report, name), nl=False)
        else:
            output.parent.mkdir(parents=True, exist_ok=True)
            output.write_text(renderer(name)(report), "utf-8")


def _on_screen(report: Report, name: str) -> str:
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
