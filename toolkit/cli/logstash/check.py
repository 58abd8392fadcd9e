"""``toolkit logstash check``: the faults of a configuration, without starting Logstash."""

from __future__ import annotations

import sys

import click

from toolkit.cli._pipelines import Ecs, pipeline_options


@click.command("check")
@click.argument("configurations", nargs=-1, required=True, metavar="CONF...")
@pipeline_options
def command(
    configurations: tuple[str, ...], ecs: Ecs, support_escapes: bool, now: str | None
) -> None:
    """Find the faults of CONF (files, folders or globs; one pipeline).

    Errors are those that Logstash reports at its start or at the first event: syntax, plugins,
    options, patterns, regular expressions, formats. Warnings are probable mistakes that it
    accepts.

    Exits 0; 2 if Logstash would not start; 3 if it would, but not all of it is emulated.
    """
    from toolkit.cli._pipelines import Settings, read_time
    from toolkit.cli.logstash._faults import find_faults
    from toolkit.reports.terminal.configuration import show
    from toolkit.reports.terminal.style import style_of

    settings = Settings(ecs, support_escapes, read_time(now, "--now"))
    found = find_faults(configurations, settings)
    for line in show(found, style_of(sys.stdout)):
        click.echo(line, color=True)
    sys.exit(found.exit_code)
