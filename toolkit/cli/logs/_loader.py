"""Loads the lines of files through the pipeline of a contract into a sink."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

import click

from toolkit.cli._errors import print_finding
from toolkit.cli._evidence import answers_to, evidence_in
from toolkit.cli.logs._inputs import MessageReader
from toolkit.connectors.files import FileSystem
from toolkit.connectors.sinks import Account, Sink, StoreItem
from toolkit.errors import InputError, UsageError
from toolkit.evidence.elasticsearch.indices import asked_fields
from toolkit.evidence.elasticsearch.rows import RowReader, row_reader
from toolkit.evidence.logs.doubts import doubts_of
from toolkit.evidence.logs.events import ShippedFields, received, start_events
from toolkit.evidence.logs.grouped_run import PipelineDeath, run_grouped
from toolkit.evidence.logs.joining import joining
from toolkit.evidence.logs.lines import Line
from toolkit.evidence.logs.pipelines import pipeline as pipeline_of
from toolkit.filebeat.config import Input
from toolkit.findings import Finding, Mark
from toolkit.logstash.event.event import Event
from toolkit.logstash.pipeline.compiler import Outcome, Pipeline
from toolkit.logstash.unknown import causes
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.reports.terminal.finding import ERROR, UNPROVEN, Sign

_BATCH = 1000
"""Number of events in a batch for the sink."""


@dataclass(slots=True)
class Loader:
    """A pipeline with its shipper, and the counts of the lines it was sent."""

    pipeline: Pipeline
    shipper: Input
    shipped: ShippedFields
    reading: RowReader
    lines: int = 0
    dropped: int = 0
    unparsed: int = 0
    unknown: int = 0
    """Number of lines whose status, latency or time is not known; they are not stored."""
    findings: dict[Finding, Sign] = field(default_factory=dict)
    """Why events are not stored, or not known, and the sign each is printed with."""

    def load(self, names: Iterable[str], sink: Sink, progress: Callable[[int], None]) -> None:
        """Store the events of all lines.

        Args:
            names: Paths of the files; ``-`` is standard input.
            sink: Stores the events.
            progress: Called with the number of bytes that were read.

        Raises:
            InputError: A file cannot be read; the lines before are stored.
            Unavailable: The sink does not answer.
        """
        reader = MessageReader(self.shipper, progress)
        batch: list[StoreItem] = []
        try:
            for (line, identity), outcomes in run_grouped(
                self.pipeline, self._events(names, reader)
            ):
                batch += self._items(outcomes, line, identity)
                if len(batch) >= _BATCH:
                    sink.add(batch)
                    batch = []
        except PipelineDeath as died:
            mark = Mark("line", died.thing[0].where)
            self.findings[replace(died.finding, marks=(*died.finding.marks, mark))] = ERROR
        except InputError:
            sink.add(batch)
            raise
        sink.add(batch)

    def _events(
        self, names: Iterable[str], reader: MessageReader
    ) -> Iterator[tuple[tuple[Line, UUID], Iterator[Event]]]:
        for name in names:
            for line, identity in reader.lines(name):
                self.lines += 1
                yield (line, identity), start_events(line, self.shipped, time.time_ns())

    def _items(
        self, outcomes: Sequence[Outcome], line: Line, identity: UUID
    ) -> Iterator[StoreItem]:
        unsupported = [finding for outcome in outcomes for finding in outcome.unsupported]
        events = [event for outcome in outcomes for event in outcome.events]
        self.findings |= dict.fromkeys((*unsupported, *causes(events)), UNPROVEN)
        doubts = doubts_of([events])
        if unsupported or doubts.about(*(each.name for each in self.reading.fields.values())):
            self.unknown += 1
            return
        self.dropped += not events
        unparsed = False
        for number, event in enumerate(events):
            fields = event.to_dict()
            row = self.reading.row(fields)
            unparsed = unparsed or bool(row.tags)
            own = identity if number == 0 else UUID(int=(identity.int + number) % 2**128)
            yield StoreItem(own, line, fields, row)
        self.unparsed += unparsed


def loader(expected: LogExpectation, scope: Scope, *, figures: bool = True) -> Loader:
    """Compile the pipeline of logs.

    Args:
        expected: The logs.
        scope: The contract, with its folder and the time.
        figures: Whether all fields with a role are read; else only time and tags, since the
            server reads the rest.

    Raises:
        UsageError: The logs have no pipeline, or one that cannot be read.
        PipelineError: The pipeline has faults.
    """
    pipeline, joined = pipeline_of(expected, scope), joining(expected, scope)
    if pipeline is None:
        raise UsageError(_no_pipeline(expected))
    queries = [each for each in (pipeline, joined) if each is not None]
    answers = answers_to(queries, [FileSystem(Path(scope.folder))])
    compiled = evidence_in(answers, pipeline, UsageError)
    shipper = evidence_in(answers, joined, UsageError) or Input()
    shipped = received({**shipper.event(), **expected.event}, compiled)
    running = compiled.started()
    tags = running.failure_tags.union(expected.failure_tags)
    read = row_reader(asked_fields(expected) if figures else (), tags)
    return Loader(running, shipper, shipped, read)


@contextmanager
def counting(names: Sequence[str]) -> Iterator[Callable[[int], None]]:
    """Yield a callback for the number of bytes that were read."""
    if not sys.stderr.isatty() or "-" in names:
        yield lambda size: None
        return
    length = sum(Path(name).stat().st_size for name in names)
    with click.progressbar(length=length, label="loading", file=sys.stderr) as bar:
        bar.update_min_steps = max(1, length // 200)
        yield bar.update


def print_findings(found: Loader) -> None:
    """Print on stderr why lines did not become events."""
    for finding, sign in found.findings.items():
        print_finding(finding, sign)
    if found.unknown:
        click.echo(f"{found.unknown} lines reached what is not emulated", err=True)


def print_account(found: Loader, account: Account) -> None:
    """Print the numbers of lines and events, and the reasons for rejections."""
    for reason, count in account.rejected.most_common():
        line = account.examples[reason]
        click.echo(f"rejected {count}: {reason}", err=True)
        click.echo(f"  first: {line.where}", err=True)
    click.echo(f"{found.lines} lines, {found.unparsed} not parsed, {found.dropped} dropped")
    click.echo(str(account))


def _no_pipeline(expected: LogExpectation) -> Finding:
    return Finding(
        what=f"`{expected.name}` has no pipeline",
        where=expected.declared,
        why="lines become events in a pipeline",
        fix="add `pipeline:` with the configurations of Logstash.",
    )
