"""Counts which parts of a pipeline the lines of a file reach."""

from __future__ import annotations

from collections.abc import Iterable

from toolkit.cli.logstash._lines import Losses, Numbered
from toolkit.logstash.config import nodes
from toolkit.logstash.pipeline.compiler import Pipeline
from toolkit.logstash.pipeline.coverage import Coverage
from toolkit.logstash.pipeline.steps import PipelineCrash
from toolkit.reports.terminal.coverage import Counted


def count(
    pipeline: Pipeline,
    configuration: nodes.Configuration,
    lines: Iterable[bytes],
    codec: str,
    name: str,
) -> Counted:
    """Send lines through a pipeline, and count the parts that they reach.

    Args:
        pipeline: The compiled configuration.
        configuration: The parsed configuration.
        lines: The lines, without line feeds.
        codec: ``plain`` or ``json``.
        name: Name of the file, for reports of lost events on stderr.
    """
    coverage, losses = Coverage(pipeline.context), Losses(name)
    source, events, code = Numbered(pipeline, lines, codec, None), 0, 0
    try:
        for outcome in pipeline.run(source.events(), observer=coverage):
            events += 1
            losses.note(outcome, source.numbers.popleft())
    except PipelineCrash as crash:
        losses.crash(crash, source)
        code = 1
    losses.sum_up()
    reaches = tuple(coverage.reaches(configuration.statements("filter")))
    return Counted(reaches, configuration.sources, events, code or 3 * bool(losses.unproven))
