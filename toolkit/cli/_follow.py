"""Follows one event through a pipeline."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.cli._trail import Journey
from toolkit.findings import Finding
from toolkit.logstash.event.event import Event
from toolkit.logstash.pipeline.compiler import Pipeline
from toolkit.logstash.pipeline.steps import PipelineCrash
from toolkit.logstash.pipeline.trail import Trail


@dataclass(frozen=True, slots=True)
class Followed:
    """Where an event went, and what it became."""

    journey: Journey
    events: tuple[Event, ...] = ()
    unsupported: tuple[Finding, ...] = ()
    lost: tuple[Finding, ...] = ()
    crash: Finding | None = None

    @property
    def exit_code(self) -> int:
        """1 if it killed the pipeline or was lost, 3 if it reached what is not emulated."""
        if self.crash or self.lost:
            return 1
        return 3 if self.unsupported else 0


def follow(pipeline: Pipeline, event: Event) -> Followed:
    """Run one event, and remember each step."""
    trail = Trail()
    try:
        (outcome,) = pipeline.run([event], observer=trail)
    except PipelineCrash as crash:
        journey = Journey(pipeline.sources, pipeline.context, trail.steps, (crash.finding,))
        return Followed(journey, crash=crash.finding)
    lost = tuple(loss.finding for loss in outcome.lost)
    journey = Journey(
        pipeline.sources, pipeline.context, trail.steps, (*outcome.unsupported, *lost)
    )
    return Followed(journey, outcome.events, outcome.unsupported, lost)
