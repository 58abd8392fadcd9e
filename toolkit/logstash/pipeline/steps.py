"""The compiled steps of a pipeline. A step takes events and returns those that go on.

Logstash sends a batch of events through one step after the other; with one worker, which
keeps their order, a batch holds one event and what became of it. Behind a branch come first
the events of its first arm, then those of the next, last those no arm took.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from toolkit.findings import Finding
from toolkit.languages.ruby_regex import RegexTimeout
from toolkit.logstash.config import nodes
from toolkit.logstash.config.sources import Sources
from toolkit.logstash.event.comparison import ImpossibleComparison
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.fieldref import FieldError
from toolkit.logstash.filters import Apply, PipelineDied
from toolkit.logstash.pipeline.conditions import Test


class Observer(Protocol):
    """Receives each step of an event: for traces and coverage."""

    def plugin(self, plugin: nodes.Plugin, before: Event, after: Sequence[Event]) -> None:
        """Receive the result of a plugin.

        Args:
            plugin: The plugin.
            before: A copy of the event before it.
            after: The events after it; none if it dropped the event.
        """
        ...

    def branch(self, branch: nodes.Branch, arm: int | None, event: Event) -> None:
        """Receive the choice of a branch.

        Args:
            branch: The branch.
            arm: The index of the arm that the event takes; None if it takes none.
            event: The event.
        """
        ...


@dataclass(frozen=True, slots=True)
class LostEvent:
    """An event that a condition cost: Logstash logs a warning and drops it."""

    finding: Finding
    event: Event


class PipelineCrash(PipelineDied):
    """The pipeline crashed; ``finding`` has the place and the reason, ``event`` the cause.

    ``index`` is that of the input event, counted from 0.
    """

    def __init__(self, finding: Finding, event: Event) -> None:
        super().__init__(finding.what)
        self.finding, self.event = finding, event
        self.index = 0


@dataclass(slots=True)
class Run:
    """The losses of one input event, and the unsupported steps that it reached."""

    observer: Observer | None = None
    lost: list[LostEvent] = field(default_factory=list)
    unsupported: list[Finding] = field(default_factory=list)


class PipelineStep(Protocol):
    """A plugin or a branch, ready to run."""

    def run(self, events: list[Event], run: Run) -> list[Event]:
        """Take ``events`` and return those that go on, in order."""
        ...


def run_steps(steps: Iterable[PipelineStep], events: list[Event], run: Run) -> list[Event]:
    """Send events through one step after the other.

    Args:
        steps: The steps.
        events: The events, in order.
        run: Receives losses and unsupported steps.

    Returns:
        The events that are left, in order.
    """
    for step in steps:
        if not events:
            break
        events = step.run(events, run)
    return events


@dataclass(frozen=True, slots=True)
class PluginStep:
    """A filter that is emulated."""

    node: nodes.Plugin
    sources: Sources
    apply: Apply

    def run(self, events: list[Event], run: Run) -> list[Event]:
        """Filter each event; `PipelineCrash` if real Logstash would not survive it."""
        kept: list[Event] = []
        for event in events:
            before = None if run.observer is None else event.clone()
            first = len(kept)
            try:
                kept.extend(self.apply(event))
            except RegexTimeout as error:
                _note(run, _gave_up(self.sources, self.node, error))
                kept.append(event)
            except (PipelineDied, FieldError) as error:
                raise _crash(self.sources, self.node.name_span, event, error) from error
            if before is not None and run.observer is not None:
                run.observer.plugin(self.node, before, kept[first:])
        return kept


@dataclass(frozen=True, slots=True)
class UnsupportedStep:
    """A filter that is not emulated: events pass it unchanged, and prove nothing then."""

    findings: tuple[Finding, ...]

    def run(self, events: list[Event], run: Run) -> list[Event]:
        """Note that it was reached."""
        _note(run, *self.findings)
        return events


@dataclass(frozen=True, slots=True)
class Arm:
    """``if``, ``else if`` or ``else`` (no test) of a branch, and its body."""

    test: Test | None
    condition: nodes.Condition | None
    body: tuple[PipelineStep, ...]
    unsupported: UnsupportedStep | None = None
    """Set where the condition is one that is not emulated."""


@dataclass(frozen=True, slots=True)
class BranchStep:
    """``if … { } else if … { } else { }``."""

    node: nodes.Branch
    sources: Sources
    arms: tuple[Arm, ...]

    def run(self, events: list[Event], run: Run) -> list[Event]:
        """Send each event into the first arm whose test holds."""
        kept: list[Event] = []
        for index, arm in enumerate(self.arms):
            taken, events = self._divide(arm, events, run)
            self._observe(index, taken, run)
            kept += run_steps(arm.body, taken, run)
        self._observe(None, events, run)
        return kept + events

    def _divide(self, arm: Arm, events: list[Event], run: Run) -> tuple[list[Event], list[Event]]:
        if arm.test is None:
            return events, []
        if arm.unsupported and events:
            arm.unsupported.run(events, run)
        taken: list[Event] = []
        rest: list[Event] = []
        for event in events:
            try:
                (taken if arm.test(event) else rest).append(event)
            except RegexTimeout as error:
                _note(run, _gave_up(self.sources, arm.condition or self.node, error))
                rest.append(event)
            except ImpossibleComparison as error:
                run.lost.append(LostEvent(_impossible(self.sources, error), event))
            except PipelineDied as error:
                span = arm.condition.span if arm.condition else self.node.span
                raise _crash(self.sources, span, event, error) from error
        return taken, rest

    def _observe(self, arm: int | None, events: list[Event], run: Run) -> None:
        if run.observer is not None:
            for event in events:
                run.observer.branch(self.node, arm, event)


def _note(run: Run, *findings: Finding) -> None:
    run.unsupported += (each for each in findings if each not in run.unsupported)


def _gave_up(sources: Sources, node: nodes.Node, error: RegexTimeout) -> Finding:
    """The finding for an expression that explodes, at the option that holds it."""
    attributes = node.attributes if isinstance(node, nodes.Plugin) else ()
    holds = (each for each in attributes if error.pattern in sources.text[slice(*each.span)])
    option = next(holds, None) if error.pattern else None
    other = f"`{node.name}`" if isinstance(node, nodes.Plugin) else "a condition"
    whose = f"`{option.name}`" if option else other
    return Finding(
        what=f"the expression `{error.pattern[:80]}` of {whose} was given up on an event",
        where=sources.locate(option.name_span if option else node.span),
        why="it can match one text in ever more ways, and tries them all: Logstash stands still",
        fix="let no two loops match the same text, or put `(?>…)` around the inner one.",
    )


def _impossible(sources: Sources, error: ImpossibleComparison) -> Finding:
    start, end = error.span
    return Finding(
        what=f"`{sources.text[start:end]}` cannot be answered for an event: {error}",
        where=sources.locate(error.span),
        why="Logstash drops such an event, with only a warning in its log",
        fix="ask for the field first (`if [field] and …`), and convert it to the type of"
        " what it is compared with.",
    )


def _crash(sources: Sources, span: nodes.Span, event: Event, error: Exception) -> PipelineCrash:
    finding = Finding(
        what=f"the pipeline dies of an event: {error}",
        where=sources.locate(span),
        why="Logstash does not catch this error: the pipeline stops, and the batch in flight"
        " (up to 125 events) is lost",
        fix="keep such events away from this place by a condition.",
    )
    return PipelineCrash(finding, event)
