"""Fields that are read, and that nothing writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from toolkit.findings import Severity
from toolkit.logstash.config import nodes
from toolkit.logstash.config.faults import Fault, FaultTexts
from toolkit.logstash.config.nodes import Span, walk
from toolkit.logstash.event.sprintf import references
from toolkit.logstash.fields import Name, is_dynamic, name_of, shown
from toolkit.logstash.flow.graph import Flow, FlowStep

_fault = FaultTexts(__package__)
_MESSAGE: Name = ("message",)
_TEMPLATE = re.compile(r"[\w@.\[\]-]+")
_GIVEN = {
    "message", "@timestamp", "@version", "@metadata", "tags", "type", "event", "host", "log",
    "path", "agent", "ecs", "input", "fields", "cloud", "container", "kubernetes", "error",
    "url", "user",
}  # fmt: skip
"""Fields that inputs and shippers bring."""

_IN_PLACE = ("mutate", "de_dot", "truncate")
"""Filters that change fields where they are, and need none."""


def field_faults(
    configuration: nodes.Configuration, flow: Flow
) -> Iterator[tuple[Severity, Fault]]:
    """Look for names that may be misspelt, and, where lines are parsed, for others.

    Args:
        configuration: Where fields are read.
        flow: What its filters and inputs write.
    """
    seen: set[Name] = set()
    parses = any(step.parses and _MESSAGE in _read(step) for step in flow.steps)
    asked = ((*each, None) for each in reads(configuration, flow))
    filters = nodes.plugins(configuration.statements("filter"))
    sources = ((*each, plugin.name) for plugin in filters for each in _sources(plugin, flow))
    for name, written, span, plugin in (*asked, *sources):
        if name in seen or name[0] in _GIVEN or flow.has(name):
            continue
        seen.add(name)
        near = get_close_matches(shown(name), _written(flow, name), 1, 0.85)
        if near:
            yield Severity.WARNING, _fault("misspelt-field", span, field=written, near=near[0])
        elif parses and plugin:
            yield Severity.INFO, _fault("unwritten-source", span, field=written, plugin=plugin)
        elif parses:
            yield Severity.INFO, _fault("unwritten-field", span, field=written)


def _sources(plugin: nodes.Plugin, flow: Flow) -> Iterator[tuple[Name, str, Span]]:
    """The fields that a filter takes apart, or looks up."""
    if plugin.name in _IN_PLACE:
        return
    start, end = plugin.span
    steps = (step for step in flow.steps if start <= step.span[0] < end)
    read = {name for step in steps if step.action == plugin.name for name in _read(step)}
    for node in walk(plugin):
        name = name_of(node.value) if isinstance(node, nodes.String) else None
        if isinstance(node, nodes.String) and name in read:
            yield name, node.value, node.span


def reads(configuration: nodes.Configuration, flow: Flow) -> Iterator[tuple[Name, str, Span]]:
    """The fields that conditions and templates ask for: name, as written, and where."""
    read = {name for step in flow.steps for name in _read(step)}
    for node in walk(configuration):
        if isinstance(node, nodes.Selector):
            found = [(node.text, node.text, node.span)] if not set("\"'") & set(node.text) else []
        elif isinstance(node, nodes.String):
            found = list(_templates(node))
        else:
            continue
        for reference, text, span in found:
            name = name_of(reference)
            if name in read:
                yield name, text, span


def _read(step: FlowStep) -> set[Name]:
    return {each.field for each in step.reads}


def _written(flow: Flow, name: Name) -> list[str]:
    """The fields that are written, without those that are made of ``name``."""
    makers = {**flow.removed, **flow.fields}
    return sorted(
        shown(each)
        for each in flow.written
        if not is_dynamic(each) and not any(name in _read(s) for s in makers.get(each, ()))
    )


def _templates(node: nodes.String) -> Iterator[tuple[str, str, Span]]:
    if node.raw == node.value:
        at = node.span[0] + 1
        for reference, start, end in references(node.value):
            if _TEMPLATE.fullmatch(reference):
                yield reference, node.value[start:end], (at + start, at + end)
