"""Events from lines, and lines from events: Logstash's plain and json codecs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from toolkit.logstash.event.event import Event
from toolkit.logstash.event.fieldref import METADATA
from toolkit.logstash.event.values import Timestamp, inspect, to_json

_TIMESTAMP = "@timestamp"
_NO_UTF_8 = re.compile("[\udc80-\udcff]")
UNKNOWN = "@unknown"
"""The key of a printed event under which the fields are listed that are not known."""


def from_line(line: str, timestamp: Timestamp) -> Iterator[Event]:
    """Yield the event of a line of text; bytes that are not UTF-8 are escaped.

    >>> print_event(*from_line("hello", Timestamp(0)))
    '{"message":"hello","@timestamp":"1970-01-01T00:00:00.000Z","@version":"1"}'
    """
    text = inspect(line)[1:-1] if _NO_UTF_8.search(line) else line
    yield Event({"message": text, _TIMESTAMP: timestamp})


def from_json(line: str, timestamp: Timestamp) -> Iterator[Event]:
    """Yield the events of a line of JSON: one for an object, one for each object of an array.

    Fractions become doubles (the json *filter* makes decimals of them), a blank line nothing.
    Text after a value is ignored. Invalid JSON becomes a message with the tag
    ``_jsonparsefailure``.
    """
    text = line.strip()
    if not text:
        return
    try:
        found, _ = _DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        found = None
    items = found if isinstance(found, list) else [found]
    if not all(isinstance(item, dict) for item in items):
        event = next(from_line(line, timestamp))
        event.tag("_jsonparsefailure")
        yield event
        return
    for fields in items:
        yield _event(fields, timestamp)


def _event(fields: dict[str, Any], timestamp: Timestamp) -> Event:
    """Make an event; an invalid time moves to ``_@timestamp``, as in Logstash."""
    given = fields.get(_TIMESTAMP)
    fields[_TIMESTAMP] = timestamp
    if given is None:
        return Event(fields)
    try:
        fields[_TIMESTAMP] = Timestamp.parse(given)
    except (TypeError, ValueError):
        event = Event(fields)
        event.tag("_timestampparsefailure")
        event.set("_@timestamp", given)
        return event
    return Event(fields)


def print_event(event: Event, *, metadata: bool = False) -> str:
    """Print an event as one line of JSON, numbers as Logstash prints them.

    Fields that are not known are listed under ``@unknown``.
    """
    fields = event.fields
    if metadata:
        fields = fields | {METADATA: event.metadata}
    if unknowns := event.unknowns:
        listed = dict.fromkeys(each.reference for each in unknowns if each.reference)
        fields = {**fields, UNKNOWN: [*listed]}
    return to_json(fields)


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"`{text}` is no number of JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse)

CODECS: dict[str, Callable[[str, Timestamp], Iterator[Event]]] = {
    "plain": from_line,
    "json": from_json,
}
"""By Logstash's names."""
