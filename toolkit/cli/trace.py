"""``toolkit trace``: one line on its way to the fields it becomes."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from toolkit.cli._pipelines import Ecs, pipeline_options


@click.command("trace")
@click.argument("line", metavar="LINE|-")
@click.argument("paths", nargs=-1, metavar="[CONTRACT]")
@click.option(
    "--pipeline",
    metavar="CONF...",
    help="Configurations to follow it through, instead of a contract's.",
)
@click.option("--logs", "name", metavar="NAME", help="Which logs of the contract it is one of.")
@pipeline_options
def command(
    line: str,
    paths: tuple[str, ...],
    pipeline: str | None,
    name: str | None,
    ecs: Ecs,
    support_escapes: bool,
    now: str | None,
) -> None:
    """Follow LINE (`-`: all of standard input) through the pipeline of CONTRACT.

    Shown are the branches it takes, the pattern that takes it, and from capture to field to
    type what it becomes; or where it stops. Without `--logs` it is taken for one of the
    first logs of the contract whose pipeline parses it.

    Exits 0 if it is parsed, 1 if it is not, 3 if it reaches what is not emulated.
    """
    from toolkit.cli._pipelines import Settings, read_time
    from toolkit.cli._streams import read_text
    from toolkit.cli._tracing import of_configurations, of_contract
    from toolkit.reports.terminal.style import style_of
    from toolkit.reports.terminal.trace import line_trace_lines

    text, clock = read_text(line), read_time(now, "--now")
    if pipeline is None:
        contract = Path(paths[0] if paths else "toolkit.yml")
        traced = of_contract(contract, text, name, clock)
    else:
        settings = Settings(ecs, support_escapes, clock)
        traced = of_configurations((pipeline, *paths), text, settings)
    for row in line_trace_lines(traced, style_of(sys.stdout)):
        click.echo(row, color=True)
    sys.exit(traced.exit_code)
