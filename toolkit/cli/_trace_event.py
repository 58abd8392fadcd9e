"""Traces one event through a pipeline."""

from __future__ import annotations

from toolkit.logstash.event.event import Event
from toolkit.logstash.pipeline.compiler import Pipeline
from toolkit.logstash.pipeline.steps import PipelineCrash
from toolkit.logstash.pipeline.trail import Trail
from toolkit.reports.terminal.filter_trace import FilterTrace


def trace_event(pipeline: Pipeline, event: Event) -> FilterTrace:
    """Run one event through ``pipeline``; a crash is part of the trace."""
    trail = Trail()
    try:
        (outcome,) = pipeline.run([event], observer=trail)
    except PipelineCrash as crash:
        return FilterTrace(pipeline.sources, pipeline.context, trail.steps, crash=crash.finding)
    return FilterTrace(
        pipeline.sources,
        pipeline.context,
        trail.steps,
        outcome.events,
        outcome.unsupported,
        tuple(loss.finding for loss in outcome.lost),
        failure_tags=pipeline.failure_tags,
    )
