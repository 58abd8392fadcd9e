"""``toolkit logstash run``: the events of lines."""

from __future__ import annotations

import sys

import click

from toolkit.cli._pipelines import (
    Settings,
    codec_option,
    pipeline_options,
    read_time,
    reading,
)
from toolkit.cli._streams import read_lines, written
from toolkit.cli.logstash._lines import run_lines
from toolkit.errors import PipelineError, UsageError
from toolkit.findings import Finding, Location


@click.command("run")
@click.argument("configurations", nargs=-1, required=True, metavar="CONF...")
@click.option(
    "--input", "source", default="-", metavar="FILE|-", help="The lines (default: standard input)."
)
@codec_option
@click.option(
    "--output", default="-", metavar="FILE|-", help="The events (default: standard output)."
)
@pipeline_options
@click.option(
    "--timestamp", metavar="TIME", help="The initial @timestamp of events (default: the clock)."
)
@click.option("--metadata", is_flag=True, help="Print @metadata too.")
def command(
    configurations: tuple[str, ...],
    source: str,
    codec: str | None,
    output: str,
    settings: Settings,
    timestamp: str | None,
    metadata: bool,
) -> None:
    """Send lines through the filters of CONF (files, folders or globs).

    Prints one JSON event for each line, in order, and nothing for a dropped event. Lines end at
    a line feed only; a codec `multiline` of the inputs joins them. Events are processed in
    batches of 125, as in Logstash: an event that crashes the pipeline loses its batch.

    Fields that a filter may have written which is not emulated are left out, and listed under
    `@unknown`: `[geoip]` is that field with all that is in it, `[tags][x]` whether the event has
    the tag x, and `*` any text. An event that may be lost, or multiplied, is not printed.

    Exits 0; 1 if the pipeline crashed; 2 if Logstash would not start; 3 if events, or fields of
    them, are not known.
    """
    start = read_time(timestamp, "--timestamp")
    try:
        configuration, pipeline = settings.compiled(configurations)
    except PipelineError as error:
        *others, last = configurations
        faulty = {each.where.source for each in error.findings}
        if others and source == "-" and faulty == {last} and not last.endswith(".conf"):
            raise UsageError(_lines_as_configuration(last)) from error
        raise
    how = reading(configuration, codec)
    name, lines = read_lines(source)
    with written(output) as write:
        code = run_lines(
            pipeline, lines, write, name=name, reading=how, start=start, metadata=metadata
        )
    sys.exit(code)


def _lines_as_configuration(path: str) -> Finding:
    return Finding(
        what=f"`{path}` is no configuration of Logstash",
        where=Location(path),
        why="all paths are configurations; lines are read from standard input, or by `--input`",
        fix=f"if it has the lines, write `--input {path}`.",
    )
