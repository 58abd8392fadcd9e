"""A pipeline run in which each item keeps its events: none, one or several."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from toolkit.findings import Finding
from toolkit.logstash.event.event import Event
from toolkit.logstash.pipeline.compiler import Outcome, Pipeline
from toolkit.logstash.pipeline.steps import PipelineCrash

T = TypeVar("T")


class PipelineDeath(Exception, Generic[T]):
    """The pipeline crashed on an event of ``thing``; results before its batch were yielded."""

    def __init__(self, thing: T, finding: Finding) -> None:
        super().__init__(str(finding))
        self.thing = thing
        self.finding = finding


def run_grouped(
    pipeline: Pipeline, given: Iterable[tuple[T, Iterable[Event]]]
) -> Iterator[tuple[T, tuple[Outcome, ...]]]:
    """Run the events of each item; yield it, in order, when all of them are processed.

    Raises:
        PipelineDeath: Logstash would crash.
    """
    queue = _Queue[T]()
    try:
        for outcome in pipeline.run(queue.fill(given)):
            yield from queue.learn(outcome)
    except PipelineCrash as crash:
        raise PipelineDeath(queue.owner(crash.index), crash.finding) from crash
    yield from queue.done()


@dataclass(slots=True)
class _InFlight(Generic[T]):
    """An item with events that are not processed yet."""

    thing: T
    first: int
    """The number of its first event, from 0 over all items."""
    events: int
    outcomes: list[Outcome] = field(default_factory=list)


@dataclass(slots=True)
class _Queue(Generic[T]):
    waiting: deque[_InFlight[T]] = field(default_factory=deque)
    begun: int = 0

    def fill(self, given: Iterable[tuple[T, Iterable[Event]]]) -> Iterator[Event]:
        for thing, events in given:
            started = tuple(events)
            self.waiting.append(_InFlight(thing, self.begun, len(started)))
            self.begun += len(started)
            yield from started

    def learn(self, outcome: Outcome) -> Iterator[tuple[T, tuple[Outcome, ...]]]:
        yield from self.done()
        self.waiting[0].outcomes.append(outcome)
        yield from self.done()

    def done(self) -> Iterator[tuple[T, tuple[Outcome, ...]]]:
        while self.waiting and len(self.waiting[0].outcomes) == self.waiting[0].events:
            ready = self.waiting.popleft()
            yield ready.thing, tuple(ready.outcomes)

    def owner(self, index: int) -> T:
        ends = (each for each in self.waiting if index < each.first + each.events)
        return next(ends).thing
