"""Conditions that lose other events than those of the lines at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from toolkit.evidence.logs.events import Events
from toolkit.findings import Finding, Severity
from toolkit.logstash.config import nodes
from toolkit.logstash.fields import Name
from toolkit.logstash.flow.graph import flow_of
from toolkit.logstash.lint.conditions import LOSES_EVENTS, condition_faults


def risky_conditions(observed: Events) -> Iterator[Finding]:
    """Yield a warning for each condition that an event can fail to answer.

    Fields that the shipper and the input add are there in every event.
    """
    tree = observed.configuration
    parts = nodes.walk(tree) if tree else ()
    if tree is None or not any(isinstance(each, nodes.ComparisonExpression) for each in parts):
        return
    given = [*_names(observed.shipped.fields)]
    for fault in condition_faults(tree, flow_of(tree, observed.pipeline.context), given):
        if fault.kind == LOSES_EVENTS:
            yield replace(fault.finding(tree.sources), severity=Severity.WARNING)


def _names(fields: Mapping[str, Any], above: Name = ()) -> Iterator[Name]:
    for name, value in fields.items():
        yield (*above, name)
        if isinstance(value, Mapping):
            yield from _names(value, (*above, name))
