"""Why a line was not parsed: which filter tagged it, and where its expression stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from toolkit.evidence.logs.events import Events, Record, start_events
from toolkit.findings import Location
from toolkit.logstash.config import attributes, nodes
from toolkit.logstash.event.event import Event
from toolkit.logstash.filters import Context
from toolkit.logstash.grok.explain import Stop
from toolkit.logstash.pipeline.attempts import skipped_by_clocks, stopped

FAILURE_TAGS = frozenset(
    {
        "_grokparsefailure",
        "_groktimeout",
        "_dateparsefailure",
        "_jsonparsefailure",
        "_csvparsefailure",
        "_dissectfailure",
        "_kv_filter_error",
        "_kv_filter_timeout",
        "_mutate_error",
        "_split_type_failure",
        "_timestampparsefailure",
        "_tagsparsefailure",
        "_rubyexception",
        "_xmlparsefailure",
    }
)
"""The tags by which Logstash's own filters mark what they could not do."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A line that was marked as not parsed."""

    record: Record
    tag: str
    plugin: nodes.Plugin | None
    where: Location | None
    """The filter that tagged it; None where the tag came in with the line."""
    stop: Stop | None = None
    """Where the expression that came furthest stopped, if the filter is a grok."""
    expression_at: Location | None = None
    """The token of that expression, in the configuration."""
    text: str | None = None
    """What the filter read, if it is one that reads a single field."""
    zone: str | None = None
    """The time zone whose clocks skip the time that a date filter read."""


def tags_of(record: Record, further: Sequence[str] = ()) -> list[str]:
    """The failure tags on the events of a line, in order."""
    marks = FAILURE_TAGS.union(further)
    found = (tag for event in (*record.events, *record.lost_events) for tag in _tags(event))
    return list(dict.fromkeys(tag for tag in found if tag in marks))


def _tags(event: Mapping[str, Any]) -> Sequence[str]:
    tags = event.get("tags") or ()
    return (tags,) if isinstance(tags, str) else tags


def failures(observed: Events, further: Sequence[str] = ()) -> Iterator[Failure]:
    """Follow each line that was marked once more, and say which filter marked it, and why."""
    clocks = _Clocks(observed.pipeline.context)
    for record in observed.records:
        tags = tags_of(record, further)
        if tags:
            yield _follow(observed, record, tags[0], clocks)


def _follow(observed: Events, record: Record, tag: str, clocks: _Clocks) -> Failure:
    watch = _Watch(tag)
    events = list(start_events(record.line, observed.shipped, observed.now))
    if any(tag in _tags(event.fields) for event in events):
        return Failure(record, tag, None, None)
    list(observed.pipeline.run(events, observer=watch))
    plugin, before = watch.guilty, watch.before
    if plugin is None or before is None:
        return Failure(record, tag, None, None)
    sources = observed.pipeline.sources
    where = sources.locate(plugin.name_span)
    if plugin.name == "date":
        zone = clocks.skipping(plugin, before)
        return Failure(record, tag, plugin, where, text=_text_read(plugin, before), zone=zone)
    if plugin.name != "grok":
        return Failure(record, tag, plugin, where, text=_text_read(plugin, before))
    found = stopped(plugin, before, observed.pipeline.context)
    if found is None:
        return Failure(record, tag, plugin, where)
    return Failure(record, tag, plugin, where, found.stops[0], sources.locate(found.span))


def _text_read(plugin: nodes.Plugin, before: Event) -> str | None:
    options = attributes.values(plugin)
    source = options.get("source", "message")
    if plugin.name == "date":
        source = (options.get("match") or [""])[0]
    value = before.get(source) if isinstance(source, str) else None
    return value if isinstance(value, str) else None


@dataclass(slots=True)
class _Clocks:
    """Date filters, each compiled once, however many lines they could not read."""

    context: Context
    filters: dict[nodes.Span, Callable[[Event], str | None]] = field(default_factory=dict)

    def skipping(self, plugin: nodes.Plugin, before: Event) -> str | None:
        """The zone whose clocks skip the time that a date filter read."""
        if plugin.name_span not in self.filters:
            self.filters[plugin.name_span] = skipped_by_clocks(plugin, self.context)
        return self.filters[plugin.name_span](before)


@dataclass(slots=True)
class _Watch:
    """Remembers the first filter behind which an event has the tag."""

    tag: str
    guilty: nodes.Plugin | None = None
    before: Event | None = None
    seen: list[str] = field(default_factory=list)

    def plugin(self, plugin: nodes.Plugin, before: Event, after: Sequence[Event]) -> None:
        if self.guilty is None and any(self.tag in _tags(each.fields) for each in after):
            self.guilty, self.before = plugin, before

    def branch(self, branch: nodes.Branch, arm: int | None, event: Event) -> None:
        """Branches tag nothing."""
