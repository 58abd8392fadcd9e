"""The parts of a pipeline, each with the number of events that reached it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.logstash.config.sources import Sources
from toolkit.logstash.pipeline.coverage import Reach
from toolkit.reports.terminal.style import Style, cut, visible


@dataclass(frozen=True, slots=True)
class Counted:
    """The numbers of events that reached each part."""

    reaches: tuple[Reach, ...]
    sources: Sources
    events: int
    exit_code: int

    @property
    def percent(self) -> float:
        """The percentage of parts that were reached; 100 without any parts."""
        reached = sum(each.count > 0 for each in self.reaches)
        return 100 * reached / len(self.reaches) if self.reaches else 100.0


def show(counted: Counted, style: Style) -> Iterator[str]:
    """Yield a row for each part: its place, the number of events, and its text."""
    width = len(str(max((each.count for each in counted.reaches), default=0)))
    source = ""
    for each in counted.reaches:
        where = counted.sources.locate(each.span)
        if where.source != source:
            source = where.source
            yield style.paint(source, "bold")
        text = f"{'  ' * each.depth}{_what(each, counted.sources)}"
        head = f"{where.line:>5}:{where.column:<5} {each.count:>{width}}  "
        row = cut(head + visible(text), style.width)
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
