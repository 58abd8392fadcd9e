"""Sends lines through a pipeline; lost events are reported on stderr."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import click

from toolkit.cli._errors import print_finding
from toolkit.cli._streams import Write
from toolkit.filebeat.config import Input
from toolkit.filebeat.multiline import join
from toolkit.findings import Finding, Location, Mark, Severity
from toolkit.logstash.event.codecs import CODECS, print_event
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.values import Timestamp
from toolkit.logstash.pipeline.compiler import BATCH_SIZE, Outcome, Pipeline
from toolkit.logstash.pipeline.steps import PipelineCrash
from toolkit.logstash.unknown import causes
from toolkit.reports.terminal.finding import ERROR, SIGNS, UNPROVEN, Sign


def run_lines(
    pipeline: Pipeline,
    lines: Iterable[bytes],
    write: Write,
    *,
    name: str,
    reading: Input,
    start: int | None,
    metadata: bool,
) -> int:
    """Send lines through a pipeline, and write their events.

    Args:
        pipeline: The compiled configuration.
        lines: The lines, without line feeds.
        write: Writes events as JSON.
        name: Name of the file, for reports of lost events on stderr.
        reading: How lines become events.
        start: The initial ``@timestamp`` in nanoseconds since 1970; None for the clock.
        metadata: Whether ``@metadata`` is written.

    Returns:
        The exit code: 1 if the pipeline crashed, 3 if events are missing or not known in
        part, else 0.
    """
    source = Numbered(pipeline, lines, reading, start)
    losses = Losses(name)
    printed: list[str] = []
    try:
        for outcome in pipeline.run(source.events()):
            number = source.numbers.popleft()
            losses.note(outcome, number)
            if not outcome.unsupported:
                printed += [print_event(event, metadata=metadata) for event in outcome.events]
            if outcome.index % BATCH_SIZE == BATCH_SIZE - 1:
                write(printed)
                printed.clear()
        write(printed)
    except PipelineCrash as crash:
        write(printed)
        losses.crash(crash, source)
        losses.sum_up()
        return 1
    losses.sum_up()
    return 3 * losses.leaves_doubt


@dataclass(slots=True)
class Numbered:
    """Makes events of lines, and keeps the line numbers of those in flight."""

    pipeline: Pipeline
    lines: Iterable[bytes]
    reading: Input
    start: int | None
    numbers: deque[int] = field(default_factory=deque)

    def events(self) -> Iterator[Event]:
        decode, numbers = CODECS["json" if self.reading.json else "plain"], self.numbers
        clock, multiline = self.pipeline.context.clock, self.reading.multiline
        fixed = None if self.start is None else Timestamp(self.start)
        texts = (line.decode("utf-8", "surrogateescape") for line in self.lines)
        for message in join(texts, multiline):
            for event in decode(message.text, fixed or Timestamp(clock())):
                if multiline and multiline.tag and "multiline" in message.flags:
                    event.tag(multiline.tag)
                numbers.append(message.first)
                yield event


@dataclass(slots=True)
class Losses:
    """Findings on events that are lost or not known: each printed once, then counted."""

    name: str
    counts: Counter[Finding] = field(default_factory=Counter)
    unknown: Counter[Finding] = field(default_factory=Counter)
    """Events with unknown fields, by the reason."""
    unproven: int = 0

    @property
    def leaves_doubt(self) -> bool:
        """True if events are not known, or not all of their fields."""
        return bool(self.unproven or self.unknown)

    def note(self, outcome: Outcome, number: int) -> None:
        if outcome.unsupported:
            self.unproven += 1
        else:
            for cause in causes(outcome.events):
                if cause not in self.unknown:
                    self._print(cause, UNPROVEN, number)
                self.unknown[cause] += 1
        for loss in outcome.lost:
            self._count(loss.finding, SIGNS[Severity.WARNING], number)
        for finding in outcome.unsupported:
            self._count(finding, UNPROVEN, number)

    def _count(self, finding: Finding, sign: Sign, number: int) -> None:
        self.counts[finding] += 1
        if self.counts[finding] == 1:
            self._print(finding, sign, number)

    def crash(self, crash: PipelineCrash, source: Numbered) -> None:
        """Print why the pipeline crashed; ``source`` still has the line numbers of the batch."""
        self._print(crash.finding, ERROR, source.numbers[crash.index % BATCH_SIZE])

    def _print(self, finding: Finding, sign: Sign, number: int) -> None:
        mark = Mark("event", Location(self.name, number))
        print_finding(replace(finding, marks=(*finding.marks, mark)), sign)

    def sum_up(self) -> None:
        for finding, count in self.counts.items():
            if count > 1:
                click.echo(f"{finding.where}: {count} events", err=True)
        for cause, count in self.unknown.items():
            many = "1 event has" if count == 1 else f"{count} events have"
            click.echo(f"{many} unknown fields: {cause.what} ({cause.where})", err=True)
        if self.unproven:
            many = "1 event" if self.unproven == 1 else f"{self.unproven} events"
            click.echo(f"{many} not printed: something not emulated was reached", err=True)
