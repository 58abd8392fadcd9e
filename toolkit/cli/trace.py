"""``toolkit trace``: the trace of one line through a pipeline."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from toolkit.cli._pipelines import Settings, pipeline_options
from toolkit.cli._streams import read_text
from toolkit.cli._tracing import of_configurations, of_contract
from toolkit.reports.terminal.style import style_of
from toolkit.reports.terminal.trace import line_trace_lines


@click.command("trace")
@click.argument("line", metavar="LINE|-")
@click.argument("paths", nargs=-1, metavar="[CONTRACT]")
@click.option(
    "--pipeline",
    metavar="CONF...",
    help="Configurations, instead of those of a contract.",
)
@click.option(
    "--logs",
    "name",
    metavar="NAME",
    help="The logs of the contract it belongs to.",
)
@pipeline_options
def command(
    line: str,
    paths: tuple[str, ...],
    pipeline: str | None,
    name: str | None,
    settings: Settings,
) -> None:
    """Trace LINE (`-`: all of standard input) through the pipeline of CONTRACT.

    Prints the branches it takes, the pattern that matches, and the captures, fields and types;
    or where the pattern stops. Without `--logs`, the first pipeline of the contract that parses
    the line is printed.

    Exits 0 if it is parsed, 1 if it is not or the template refuses it, 3 if it reaches what is
    not emulated.
    """
    text = read_text(line)
    if pipeline is None:
        contract = Path(paths[0] if paths else "toolkit.yml")
        traced = of_contract(contract, text, name, settings.now)
    else:
        traced = of_configurations((pipeline, *paths), text, settings)
    for row in line_trace_lines(traced, style_of(sys.stdout)):
        click.echo(row, color=True)
    sys.exit(traced.exit_code)
