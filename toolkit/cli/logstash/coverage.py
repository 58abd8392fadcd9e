"""``toolkit logstash coverage``: the parts of a pipeline that lines reach."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import click

from toolkit.cli._pipelines import (
    Settings,
    codec_option,
    pipeline_options,
    reading,
)
from toolkit.cli._streams import read_lines
from toolkit.cli.logstash._lines import Losses, Numbered
from toolkit.errors import UsageError
from toolkit.filebeat.config import Input
from toolkit.findings import Finding, Location
from toolkit.logstash.pipeline.compiler import Pipeline
from toolkit.logstash.pipeline.coverage import Coverage
from toolkit.logstash.pipeline.steps import PipelineCrash
from toolkit.reports.terminal.coverage import Counted, show
from toolkit.reports.terminal.style import style_of


@click.command("coverage")
@click.argument("paths", nargs=-1, required=True, metavar="CONF... [FILE|-]")
@click.option(
    "--input", "source", metavar="FILE|-", help="The lines, as for `run`, in place of FILE."
)
@codec_option
@pipeline_options
@click.option(
    "--min-coverage",
    type=click.FloatRange(0, 100),
    default=0,
    metavar="PERCENT",
    help="Exit 1 below this coverage.",
)
def command(
    paths: tuple[str, ...],
    source: str | None,
    codec: str | None,
    settings: Settings,
    min_coverage: float,
) -> None:
    """Count the parts of CONF that the lines of FILE reach.

    Parts are filters, the arms of branches (and the path past them), the expressions of each
    grok, and the alternatives of an expression.

    Exits 0; 1 if the coverage is too low, or the pipeline crashed; 3 if events, or
    fields of them, are not known. Where a condition reads such a field, neither way counts.
    """
    configurations = paths if source else paths[:-1]
    if not configurations:
        raise UsageError(_no_lines(paths[0]))
    configuration, pipeline = settings.compiled(configurations)
    name, lines = read_lines(source or paths[-1])
    coverage = Coverage(pipeline.context)
    events, code = _count(pipeline, lines, reading(configuration, codec), coverage, name)
    reaches = tuple(coverage.reaches(configuration.statements("filter")))
    counted = Counted(reaches, configuration.sources, events, code)
    for row in show(counted, style_of(sys.stdout)):
        click.echo(row, color=True)
    sys.exit(1 if counted.percent < min_coverage else counted.exit_code)


def _no_lines(path: str) -> Finding:
    return Finding(
        what="there are no lines to count with",
        where=Location("command line"),
        why=f"`{path}` is all that is named: a configuration, and a file with lines, are needed",
        fix=f"add a file with lines: `toolkit logstash coverage {path} FILE`.",
    )


def _count(
    pipeline: Pipeline, lines: Iterable[bytes], how: Input, coverage: Coverage, name: str
) -> tuple[int, int]:
    """Send lines through a pipeline; return the number of events, and the exit code."""
    losses, source, events, crashed = Losses(name), Numbered(pipeline, lines, how, None), 0, 0
    try:
        for outcome in pipeline.run(source.events(), observer=coverage):
            events += 1
            losses.note(outcome, source.numbers.popleft())
    except PipelineCrash as crash:
        losses.crash(crash, source)
        crashed = 1
    losses.sum_up()
    return events, crashed or 3 * losses.leaves_doubt
