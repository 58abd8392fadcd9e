"""Texts of an event that a filter failed to read, and no other filter has read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from toolkit.logstash.event.event import Event, Failure
from toolkit.logstash.event.ruby import array
from toolkit.logstash.event.values import Value
from toolkit.logstash.unknown import READABLE


@dataclass(frozen=True, slots=True)
class Unparsed:
    """A filter failed on an event, and no other one has read it instead."""

    failure: Failure
    tag: str | None = None
    """The tag of that failure on the event; None for a filter that sets none."""
    optional: bool = False
    """True if it may be intended: the filter looks for more in a text that another one cut out."""
    read_otherwise: bool = False
    """True if another filter has read the text it failed on."""


def unparsed(event: Event) -> Iterator[Unparsed]:
    """Yield the failures that count, for an event that has left its filters.

    One that set tags counts as long as one of them is on the event: a filter that reads the
    line in another way is expected to remove it. One that set none counts unless another
    filter has read the same field, or the same text.
    """
    for failure in event.failures:
        made_up = any(_made_up(failure, *each) for each in event.parsed)
        for tag in failure.tags:
            if tag in array(event.fields.get("tags")):
                yield Unparsed(failure, tag, read_otherwise=made_up)
        if not failure.tags and not made_up and not _is_read_unknown(event):
            yield Unparsed(failure, optional=_is_optional(failure))


def _is_read_unknown(event: Event) -> bool:
    """Return whether a filter that is not known may have failed on an event, or read it."""
    return any(each.covers(READABLE) for each in event.unknowns)


def _made_up(failure: Failure, by: Any, read: list[Value]) -> bool:
    if by is failure.by:
        return False
    texts = (text for text in failure.texts.values() if isinstance(text, str))
    return not failure.texts.keys().isdisjoint(by.sources) or any(text in read for text in texts)


def _is_optional(failure: Failure) -> bool:
    """Return whether all it had to read was cut out of texts that were read before."""
    wholes = [text for _, read in failure.parsed for text in read if isinstance(text, str)]
    texts = [text for text in failure.texts.values() if isinstance(text, str)]
    cut_out = all(any(text in whole for whole in wholes) for text in texts)
    return bool(texts) and cut_out and all(map(failure.by.is_optional, texts))
