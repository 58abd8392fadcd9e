"""Parse failures: the filter that failed on a line, and where its expression stopped matching."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Any

from toolkit.evidence.logs.events import Events, Record, start_events
from toolkit.findings import Location
from toolkit.logstash.config import nodes
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.event import Failure as FilterFailure
from toolkit.logstash.event.values import Value
from toolkit.logstash.filters import usual_failure_tags
from toolkit.logstash.grok.explain import GrokMismatch
from toolkit.logstash.pipeline.attempts import skipped_by_clocks, stopped
from toolkit.logstash.pipeline.compiler import Pipeline
from toolkit.logstash.pipeline.unparsed import Unparsed


@dataclass(frozen=True, slots=True)
class LineFailure:
    """A line that was not parsed."""

    record: Record
    tag: str | None
    """The tag of the failure; None if the filter sets none."""
    plugin: nodes.Plugin | None = None
    where: Location | None = None
    """The filter that failed; None if the line arrived with the tag."""
    stop: GrokMismatch | None = None
    """Where the best expression stopped matching, if the filter is a grok."""
    expression_at: Location | None = None
    """The token of that expression, in the configuration."""
    text: str | None = None
    """The text the filter read, if it reads a single field."""
    zone: str | None = None
    """The time zone that skips the local time which a date filter read."""
    optional: bool = False
    """True if the line is read, and the filter only looks for more in a part of it."""
    read_otherwise: bool = False
    """True if another filter has read the line, which keeps the tag all the same."""


def failure_tags(pipeline: Pipeline | None = None, further: Sequence[str] = ()) -> frozenset[str]:
    """Return the tags that mark lines as not parsed.

    Args:
        pipeline: Its filters name some themselves.
        further: Those that the contract names.
    """
    return usual_failure_tags().union(pipeline.failure_tags if pipeline else (), further)


def tags_of(record: Record, marks: AbstractSet[str]) -> list[str]:
    """Return the tags among ``marks`` on the events of a line, in order."""
    found = (tag for event in (*record.events, *record.lost_events) for tag in _tags(event))
    return list(dict.fromkeys(tag for tag in found if tag in marks))


def is_parsed(record: Record, marks: AbstractSet[str]) -> bool:
    """Return whether a line was parsed."""
    return not tags_of(record, marks) and all(each.optional for each in record.unparsed)


def _tags(event: Mapping[str, Any]) -> Sequence[str]:
    tags = event.get("tags") or ()
    return (tags,) if isinstance(tags, str) else tags


def failures(observed: Events, further: Sequence[str] = ()) -> Iterator[LineFailure]:
    """Yield a failure of each line that was not parsed: one with a tag before one without."""
    marks = failure_tags(observed.pipeline, further)
    reasons = _Reasons(observed.pipeline)
    for record in observed.records:
        tags = tags_of(record, marks)
        found = [each for each in record.unparsed if each.tag == (tags[0] if tags else None)]
        found.sort(key=lambda each: each.optional)
        if found:
            yield reasons.of(record, found[0])
        elif tags:
            yield _follow(observed, record, tags[0])


def _follow(observed: Events, record: Record, tag: str) -> LineFailure:
    """Send a line through once more, to see which filter sets a tag by hand."""
    watch = _Watch(tag)
    events = list(start_events(record.line, observed.shipped, observed.now))
    if any(tag in _tags(event.fields) for event in events):
        return LineFailure(record, tag)
    list(observed.pipeline.run(events, observer=watch))
    plugin, sources = watch.tagged_by, observed.pipeline.sources
    return LineFailure(record, tag, plugin, sources.locate(plugin.name_span) if plugin else None)


@dataclass(slots=True)
class _Reasons:
    """The reasons for which filters failed."""

    pipeline: Pipeline
    clocks: dict[nodes.Span, Callable[[Mapping[str, Value]], str | None]] = field(
        default_factory=dict
    )
    """Date filters, each compiled once, however many lines they could not read."""

    def of(self, record: Record, unparsed: Unparsed) -> LineFailure:
        """Explain what a filter failed on."""
        failed = unparsed.failure
        plugin = next(node for node, each in self.pipeline.filters if each is failed.by)
        where, text = self.pipeline.sources.locate(plugin.name_span), _single_text(failed)
        failure = LineFailure(
            record,
            unparsed.tag,
            plugin,
            where,
            optional=unparsed.optional,
            read_otherwise=unparsed.read_otherwise,
        )
        if plugin.name == "grok":
            found = stopped(plugin, failed.texts, self.pipeline.context)
            at = self.pipeline.sources.locate(found.span) if found else None
            return replace(failure, stop=found.stops[0] if found else None, expression_at=at)
        zone = self._skipping(plugin, failed.texts) if plugin.name == "date" else None
        return replace(failure, text=text, zone=zone)

    def _skipping(self, plugin: nodes.Plugin, texts: Mapping[str, Value]) -> str | None:
        """Return the time zone that skips the local time which a date filter read."""
        if plugin.name_span not in self.clocks:
            self.clocks[plugin.name_span] = skipped_by_clocks(plugin, self.pipeline.context)
        return self.clocks[plugin.name_span](texts)


def _single_text(failed: FilterFailure) -> str | None:
    texts = [text for text in failed.texts.values() if isinstance(text, str)]
    return texts[0] if len(texts) == 1 else None


@dataclass(slots=True)
class _Watch:
    """Remembers the first filter after which an event has the tag."""

    tag: str
    tagged_by: nodes.Plugin | None = None

    def plugin(self, plugin: nodes.Plugin, before: Event, after: Sequence[Event]) -> None:
        if self.tagged_by is None and any(self.tag in _tags(each.fields) for each in after):
            self.tagged_by = plugin

    def branch(self, branch: nodes.Branch, arm: int | None, event: Event) -> None:
        pass  # A branch adds no tags.

    def undecided(self, branch: nodes.Branch, arm: int, event: Event) -> None:
        pass  # It is not known which tags the event gets there.
