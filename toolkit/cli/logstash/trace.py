"""``toolkit logstash trace``: the changes of each filter to an event."""

from __future__ import annotations

import sys

import click

from toolkit.cli._pipelines import (
    Settings,
    codec_option,
    pipeline_options,
    reading,
    trace_event,
)
from toolkit.cli._streams import read_text
from toolkit.logstash.event.codecs import CODECS
from toolkit.logstash.event.values import Timestamp
from toolkit.reports.terminal.style import style_of
from toolkit.reports.terminal.trace import LineTrace, line_trace_lines


@click.command("trace")
@click.argument("configurations", nargs=-1, required=True, metavar="CONF...")
@click.argument("line", metavar="LINE|-")
@codec_option
@pipeline_options
def command(
    configurations: tuple[str, ...], line: str, codec: str | None, settings: Settings
) -> None:
    """Trace LINE (`-`: all of standard input) through the filters of CONF.

    Prints the branches taken, and for each filter the fields that it added (`+`), changed
    (`~`) and removed (`-`), and those that are not known behind it (`?`); of a grok the pattern
    that matched, or where it stopped.

    Exits 0; 1 if the event was lost, or tagged as not parsed; 3 if it, or one of its
    fields, is not known.
    """
    configuration, pipeline = settings.compiled(configurations)
    decode = CODECS["json" if reading(configuration, codec).json else "plain"]
    style, code = style_of(sys.stdout), 0
    for event in decode(read_text(line), Timestamp(pipeline.context.clock())):
        traced = LineTrace(trace_event(pipeline, event))
        for row in line_trace_lines(traced, style):
            click.echo(row, color=True)
        code = code or traced.exit_code
    sys.exit(code)
