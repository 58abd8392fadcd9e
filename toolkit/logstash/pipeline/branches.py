"""Branches: each event goes into the first arm whose condition holds.

A condition that reads what is not known is not decided. Then an event goes both ways, and comes
out with what both ways make of it; what they differ in is unknown from there on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from toolkit.findings import Finding
from toolkit.languages.ruby_regex import RegexTimeout
from toolkit.logstash.config import nodes
from toolkit.logstash.config.sources import Sources
from toolkit.logstash.event.comparison import ImpossibleComparison
from toolkit.logstash.event.event import Event
from toolkit.logstash.filters import PipelineDied
from toolkit.logstash.pipeline.conditions import Test
from toolkit.logstash.pipeline.opaque import maybe, uncounted
from toolkit.logstash.pipeline.steps import (
    LostEvent,
    PipelineCrash,
    PipelineStep,
    Run,
    crash,
    gave_up,
    run_steps,
)
from toolkit.logstash.unknown import UnknownRead, joined

_Way: TypeAlias = Callable[[list[Event], Run], list[Event]]


@dataclass(frozen=True, slots=True)
class Arm:
    """``if``, ``else if`` or ``else`` (no test) of a branch, and its body."""

    test: Test | None
    condition: nodes.Condition | None
    body: tuple[PipelineStep, ...]
    risks: tuple[Test, ...] = ()
    """The parts of the test that can fail on an event, which costs it."""

    def may_fail(self, event: Event) -> bool:
        """Return whether the test of an undecided condition may fail instead."""
        try:
            for risk in self.risks:
                risk(event)
        except (UnknownRead, ImpossibleComparison, PipelineDied):
            return True
        return False


@dataclass(frozen=True, slots=True)
class BranchStep:
    """``if … { } else if … { } else { }``."""

    node: nodes.Branch
    sources: Sources
    arms: tuple[Arm, ...]

    def run(self, events: list[Event], run: Run, first: int = 0) -> list[Event]:
        """Send each event into the first arm whose test holds.

        Args:
            events: The events, in order.
            run: Receives losses, and what leaves events unknown.
            first: The index of the arm with which it begins.

        Returns:
            The events that are left: by arm, then those that no arm took.
        """
        kept: list[Event] = []
        for index, arm in enumerate(self.arms[first:], start=first):
            undecided: list[tuple[Event, Finding]] = []
            taken, events = self._divide(arm, events, undecided, run)
            self._observe(index, taken, run)
            kept += run_steps(arm.body, taken, run)
            for event, cause in undecided:
                kept += self._both_ways(index, event, cause, run)
        self._observe(None, events, run)
        return kept + events

    def _divide(
        self, arm: Arm, events: list[Event], undecided: list[tuple[Event, Finding]], run: Run
    ) -> tuple[list[Event], list[Event]]:
        """Return the events for which the test of an arm holds, and the others."""
        if arm.test is None:
            return events, []
        taken: list[Event] = []
        rest: list[Event] = []
        for event in events:
            try:
                (taken if arm.test(event) else rest).append(event)
            except UnknownRead as unknown:
                undecided.append((event, unknown.cause))
            except RegexTimeout as error:
                run.note(gave_up(self.sources, arm.condition or self.node, error))
                rest.append(event)
            except ImpossibleComparison as error:
                run.lost.append(LostEvent(_impossible(self.sources, error), event))
            except PipelineDied as error:
                span = arm.condition.span if arm.condition else self.node.span
                raise crash(self.sources, span, event, error) from error
        return taken, rest

    def _both_ways(self, index: int, event: Event, cause: Finding, run: Run) -> list[Event]:
        """Return an event behind the branch, which may or may not take an arm.

        Where the ways differ in the number of events, or one of them is an error, the events
        cannot be known.
        """
        watching = run.observer and run.observer.undecided(self.node, index, event)
        body = self.arms[index].body
        ways: tuple[_Way, ...] = (
            lambda events, run: run_steps(body, events, run),
            lambda events, run: self.run(events, run, index + 1),
        )
        ends: list[list[Event]] = []
        for way in ways:
            apart = Run(watching)
            try:
                ends.append(way([event.clone()], apart))
            except PipelineCrash as died:
                ends.append([])
                apart.note(maybe(died.finding))
            run.note(*apart.unsupported, *(maybe(loss.finding) for loss in apart.lost))
        left, right = ends
        if len(left) != len(right) or len(left) > 1 or self.arms[index].may_fail(event):
            run.note(uncounted(self.sources, self._place(index), cause))
        return [joined(left[0], right[0], cause)] if left and right else left or right

    def _place(self, index: int) -> nodes.Span:
        return (self.arms[index].condition or self.node).span

    def _observe(self, arm: int | None, events: list[Event], run: Run) -> None:
        if run.observer is not None:
            for event in events:
                run.observer.branch(self.node, arm, event)


def _impossible(sources: Sources, error: ImpossibleComparison) -> Finding:
    start, end = error.span
    return Finding(
        what=f"`{sources.text[start:end]}` cannot be answered for an event: {error}",
        where=sources.locate(error.span),
        why="Logstash drops such an event, with only a warning in its log",
        fix="ask for the field first (`if [field] and …`), and convert it to the type of"
        " what it is compared with.",
    )
