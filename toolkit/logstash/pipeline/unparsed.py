"""Texts of an event that a filter failed to read, and no other filter has read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.logstash.event.event import Attempt, Event
from toolkit.logstash.event.ruby import array


@dataclass(frozen=True, slots=True)
class Unparsed:
    """A filter failed on an event, and no other one has read it instead."""

    attempt: Attempt
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
    there = array(event.fields.get("tags"))
    for number, attempt in enumerate(event.attempts):
        if attempt.failed:
            made_up = any(_made_up(attempt, other) for other in event.attempts)
            for tag in attempt.tags:
                if tag in there:
                    yield Unparsed(attempt, tag, read_otherwise=made_up)
            if not attempt.tags and not made_up:
                optional = _is_optional(attempt, event.attempts[:number])
                yield Unparsed(attempt, optional=optional)


def _made_up(failed: Attempt, other: Attempt) -> bool:
    if other.failed or other.by is failed.by:
        return False
    same = failed.texts.keys() & other.texts.keys()
    return bool(same) or any(text in _strings(other) for text in _strings(failed))


def _is_optional(failed: Attempt, before: tuple[Attempt, ...]) -> bool:
    parsed = [text for each in before if not each.failed for text in _strings(each)]
    texts = _strings(failed)
    cut_out = all(any(text in whole for whole in parsed) for text in texts)
    return bool(texts) and cut_out and all(map(failed.by.is_optional, texts))


def _strings(attempt: Attempt) -> list[str]:
    return [text for text in attempt.texts.values() if isinstance(text, str)]
