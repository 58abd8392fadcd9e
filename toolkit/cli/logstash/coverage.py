"""``toolkit logstash coverage``: the parts of a pipeline that lines reach."""

from __future__ import annotations

import sys

import click

from toolkit.cli._pipelines import Ecs, pipeline_options


@click.command("coverage")
@click.argument("configurations", nargs=-1, required=True, metavar="CONF...")
@click.argument("source", metavar="FILE|-")
@click.option(
    "--codec",
    type=click.Choice(["plain", "json"]),
    default="plain",
    show_default=True,
    help="Codec of a line.",
)
@pipeline_options
@click.option(
    "--min-coverage",
    type=click.FloatRange(0, 100),
    default=0,
    metavar="PERCENT",
    help="Exit 1 below this coverage.",
)
def command(
    configurations: tuple[str, ...],
    source: str,
    codec: str,
    ecs: Ecs,
    support_escapes: bool,
    now: str | None,
    min_coverage: float,
) -> None:
    """Count the parts of CONF that the lines of FILE reach.

    Parts are filters, the arms of branches (and the path past them), the expressions of each
    grok, and the alternatives of an expression.

    Exits 0; 1 if the coverage is too low, or the pipeline crashed; 3 if events reached
    something not emulated.
    """
    from toolkit.cli._pipelines import Settings, read_configuration, read_time
    from toolkit.cli._streams import read_lines
    from toolkit.cli.logstash._coverage import count
    from toolkit.logstash.pipeline.compiler import compile as compile_pipeline
    from toolkit.reports.terminal.coverage import show
    from toolkit.reports.terminal.style import style_of

    settings = Settings(ecs, support_escapes, read_time(now, "--now"))
    context = settings.context(configurations)
    configuration = read_configuration(configurations, settings)
    pipeline = compile_pipeline(configuration, context)
    name, lines = read_lines(source)
    counted = count(pipeline, configuration, lines, codec, name)
    for row in show(counted, style_of(sys.stdout)):
        click.echo(row, color=True)
    sys.exit(1 if counted.percent < min_coverage else counted.exit_code)
