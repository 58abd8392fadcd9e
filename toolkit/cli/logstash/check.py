"""``toolkit logstash check``: what Logstash would refuse, found without starting it."""

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
    """Look for what is wrong with CONF (files, folders or globs; one pipeline).

    Found is what Logstash finds when it starts, and what it finds with the first event:
    syntax, plugins, options, patterns, regular expressions, formats. Warned is of what it
    takes and hardly means what it says.

    Exits 0; 2 if Logstash would not start it; 3 if it is right, and not all of it emulated.
    """
    from toolkit.cli._pipelines import Settings, read_time
    from toolkit.cli.logstash._remarks import look_over
    from toolkit.reports.terminal.configuration import show
    from toolkit.reports.terminal.style import style_of

    settings = Settings(ecs, support_escapes, read_time(now, "--now"))
    remarks = look_over(configurations, settings)
    for line in show(remarks, style_of(sys.stdout)):
        click.echo(line, color=True)
    sys.exit(remarks.exit_code)
