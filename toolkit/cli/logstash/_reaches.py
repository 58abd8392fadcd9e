"""Counts what lines reach of a pipeline, and shows it beside the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from toolkit.cli.logstash._lines import Losses, Numbered
from toolkit.logstash.config import nodes
from toolkit.logstash.config.sources import Sources
from toolkit.logstash.pipeline.compiler import Pipeline
from toolkit.logstash.pipeline.coverage import Coverage, Reach
from toolkit.logstash.pipeline.steps import PipelineCrash
from toolkit.reports.layout.terminal import Style, visible


@dataclass(frozen=True, slots=True)
class Counted:
    """What was reached, by how many events."""

    reaches: tuple[Reach, ...]
    sources: Sources
    events: int
    exit_code: int

    @property
    def percent(self) -> float:
        """The share of parts that was reached; all of nothing is 100."""
        reached = sum(each.count > 0 for each in self.reaches)
        return 100 * reached / len(self.reaches) if self.reaches else 100.0


def count(
    pipeline: Pipeline,
    configuration: nodes.Configuration,
    lines: Iterable[bytes],
    codec: str,
    name: str,
) -> Counted:
    """Send ``lines`` of the file ``name`` through; losses are told of on standard error."""
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


def show(counted: Counted, style: Style) -> Iterator[str]:
    """A row for each part: where it stands, how many events reached it, and what it is."""
    width = len(str(max((each.count for each in counted.reaches), default=0)))
    source = ""
    for each in counted.reaches:
        where = counted.sources.locate(each.span)
        if where.source != source:
            source = where.source
            yield style.paint(source, "bold")
        text = f"{'  ' * each.depth}{_what(each, counted.sources)}"
        head = f"{where.line:>5}:{where.column:<5} {each.count:>{width}}  "
        row = head + visible(text)
        row = row if len(row) <= style.width else row[: style.width - 1] + "…"
        yield row if each.count else style.paint(row, "red")
    yield ""
    yield _verdict(counted, style)


def _what(reach: Reach, sources: Sources) -> str:
    text = " ".join(sources.text[slice(*reach.span)].split())
    if reach.what in ("if", "else if"):
        return text
    return f"{reach.what} {text}" if reach.what == "alternative" else reach.what


def _verdict(counted: Counted, style: Style) -> str:
    total = len(counted.reaches)
    missed = sum(not each.count for each in counted.reaches)
    word = style.paint("REACHED", "yellow" if missed else "green", "bold")
    return (
        f"{word}  {counted.percent:.0f} %: {total - missed} of {total}, by {counted.events} events"
    )
