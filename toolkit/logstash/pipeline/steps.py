"""The compiled steps of a pipeline. A step takes events and returns those that go on.

Logstash sends a batch of events through one step after the other; with one worker, which
keeps their order, a batch holds one event and what became of it. Behind a branch come first
the events of its first arm, then those of the next, last those no arm took.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from toolkit.findings import Finding
from toolkit.languages.ruby_regex import RegexTimeout
from toolkit.logstash.config import nodes
from toolkit.logstash.config.sources import Sources
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.fieldref import FieldError
from toolkit.logstash.filters import Apply, PipelineDied
from toolkit.logstash.flow.effects import Effects
from toolkit.logstash.unknown import PartlyKnown, UnknownRead


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

    def undecided(self, branch: nodes.Branch, arm: int, event: Event) -> Observer | None:
        """Receive a condition that reads what is not known: both ways are taken.

        Args:
            branch: The branch.
            arm: The index of the arm with the condition.
            event: The event.

        Returns:
            What observes both ways, the one in which the arm is taken first.
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
    """The losses of one input event, and the reasons for which its events cannot be known."""

    observer: Observer | None = None
    lost: list[LostEvent] = field(default_factory=list)
    unsupported: list[Finding] = field(default_factory=list)

    def note(self, *findings: Finding) -> None:
        """Add reasons, each once."""
        self.unsupported += (each for each in findings if each not in self.unsupported)


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
        run: Receives losses, and what leaves events unknown.

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
    effects: Callable[[], Effects]
    """All that it may do, where a field it reads is not known."""

    def run(self, events: list[Event], run: Run) -> list[Event]:
        """Filter each event; `PipelineCrash` if real Logstash would not survive it."""
        kept: list[Event] = []
        for event in events:
            before = None if run.observer is None else event.clone()
            first = len(kept)
            try:
                kept.extend(self.apply(event))
            except UnknownRead as unknown:
                kept[first:] = [passed(event, self.effects(), unknown.cause, run)]
            except RegexTimeout as error:
                run.note(gave_up(self.sources, self.node, error))
                kept.append(event)
            except (PipelineDied, FieldError) as error:
                raise crash(self.sources, self.node.name_span, event, error) from error
            if before is not None and run.observer is not None:
                run.observer.plugin(self.node, before, kept[first:])
        return kept


@dataclass(frozen=True, slots=True)
class OpaqueStep:
    """A filter that is not emulated: what it may write is unknown from there on."""

    node: nodes.Plugin
    effects: Effects
    finding: Finding

    def run(self, events: list[Event], run: Run) -> list[Event]:
        """Forget what it may have changed."""
        kept: list[Event] = []
        for event in events:
            before = None if run.observer is None else event.clone()
            kept.append(passed(event, self.effects, self.finding, run))
            if before is not None and run.observer is not None:
                run.observer.plugin(self.node, before, kept[-1:])
        return kept


@dataclass(frozen=True, slots=True)
class OutputStep:
    """An output: each event goes on to the next one."""

    node: nodes.Plugin

    def run(self, events: list[Event], run: Run) -> list[Event]:
        """Show the observer each event."""
        if run.observer is not None:
            for event in events:
                run.observer.plugin(self.node, event, [event])
        return events


def passed(event: Event, effects: Effects, cause: Finding, run: Run) -> PartlyKnown:
    """Return an event behind a filter of which only the possible effects are known.

    Args:
        event: The event before it; of no use from now on.
        effects: All that the filter may do.
        cause: The reason for which it is not known what it does.
        run: Receives the reason if the filter may lose or multiply the event.
    """
    if not effects.one_to_one:
        run.note(cause)
    known_in_part = PartlyKnown.of(event)
    known_in_part.taint(effects.names, cause)
    return known_in_part


def gave_up(sources: Sources, node: nodes.Node, error: RegexTimeout) -> Finding:
    """Return the finding for an expression that explodes, at the option that holds it.

    Args:
        sources: The text of the configuration.
        node: The filter or condition with the expression.
        error: The end of its attempt on an event.
    """
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


def crash(sources: Sources, span: nodes.Span, event: Event, error: Exception) -> PipelineCrash:
    """Return the end of a pipeline.

    Args:
        sources: The text of the configuration.
        span: The place of the filter or condition.
        event: The event that it does not survive.
        error: The reason.
    """
    finding = Finding(
        what=f"the pipeline dies of an event: {error}",
        where=sources.locate(span),
        why="Logstash does not catch this error: the pipeline stops, and the batch in flight"
        " (up to 125 events) is lost",
        fix="keep such events away from this place by a condition.",
    )
    return PipelineCrash(finding, event)
