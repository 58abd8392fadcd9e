"""The attempts of a filter on an event: the expression that matched, or the place of failure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from toolkit.languages.ruby_regex import RegexTimeout
from toolkit.logstash.config import attributes, nodes
from toolkit.logstash.event import ruby
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.values import Value
from toolkit.logstash.filters import Context
from toolkit.logstash.filters.date import Date
from toolkit.logstash.filters.grok import Grok
from toolkit.logstash.grok.explain import GrokMismatch, explain_all
from toolkit.logstash.grok.expression import Captured, Expression
from toolkit.logstash.options import decode

_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Taken:
    """An expression that matched the text of a field."""

    field: str
    index: int
    """Its place among the expressions of the field, counted from 0."""
    count: int
    """How many the field has."""
    span: nodes.Span
    captures: tuple[tuple[str, str, Captured], ...]
    """For each capture the pattern that took it (empty for a plain group), field and value."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """Where the expressions of a field stopped, the one that came furthest first."""

    field: str
    stops: tuple[GrokMismatch, ...]
    span: nodes.Span
    """The token of the first in the configuration."""


def taken(plugin: nodes.Plugin, before: Event, context: Context) -> Iterator[Taken]:
    """Yield the expressions that match, up to the last one that the filter tries.

    Args:
        plugin: The grok filter.
        before: The event before it.
        context: The environment of the pipeline.
    """
    grok = _grok(plugin)
    for name, expressions in grok.compile(context).items():
        text = ruby.to_s(before.get(name))
        for index, expression in enumerate(expressions):
            captured = _match(expression, text)
            if captured is not None:
                span = _locate(plugin, name, index)
                yield Taken(name, index, len(expressions), span, captured)
                if grok.break_on_match:
                    return


def stopped(
    plugin: nodes.Plugin, before: Event | Mapping[str, Value], context: Context
) -> Stopped | None:
    """Return the places at which the expressions stopped; None if one matches.

    Args:
        plugin: The grok filter.
        before: The event before it, or the fields that it read.
        context: The environment of the pipeline.
    """
    for name, expressions in _grok(plugin).compile(context).items():
        text = before.get(name)
        stops = tuple(explain_all(expressions, text)) if isinstance(text, str) else ()
        if stops:
            return Stopped(name, stops, _token(plugin, name, expressions, stops[0]))
    return None


def skipped_by_clocks(
    plugin: nodes.Plugin, context: Context
) -> Callable[[Mapping[str, Value]], str | None]:
    """Return a function of the fields a date filter read: the zone without such a time.

    It returns None for another fault. Where clocks go forward, an hour (or less) of local time
    is left out.
    """
    date = decode(Date, attributes.values(plugin))
    read = replace(date, timezone="UTC", tag_on_failure=(_UNREAD,)).register(context)
    zone = date.timezone or context.timezone.key

    def skipped(texts: Mapping[str, Value]) -> str | None:
        event = Event({})
        for reference, text in texts.items():
            event.set(reference, text)
        read(event)
        tags = event.get("tags")
        return None if isinstance(tags, list) and _UNREAD in tags else zone

    return skipped


_UNREAD = "unread"


def _grok(plugin: nodes.Plugin) -> Grok:
    return decode(Grok, attributes.values(plugin))


def _match(expression: Expression, text: str) -> tuple[tuple[str, str, Captured], ...] | None:
    try:
        captured = expression.match(text, deadline=_SECONDS)
    except RegexTimeout:
        return None
    if captured is None:
        return None
    named = {group: name for name, group in expression.regex.names}
    syntaxes = (
        named[capture.group].rpartition(capture.field)[0] for capture in expression.captures
    )
    return tuple(
        (syntax.partition(":")[0], field, value)
        for syntax, (field, value) in zip(syntaxes, captured, strict=True)
    )


def _token(
    plugin: nodes.Plugin, name: str, expressions: Sequence[Expression], stop: GrokMismatch
) -> nodes.Span:
    index = [each.source for each in expressions].index(stop.expression)
    return _locate(plugin, name, index, stop.start, stop.end)


def _locate(
    plugin: nodes.Plugin, name: str, index: int, start: int | None = None, end: int | None = None
) -> nodes.Span:
    return attributes.place(plugin, "match", (name, index), start, end)
