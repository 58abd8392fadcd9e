"""Run one filter on one event."""

from __future__ import annotations

import random
from typing import Any

from toolkit.logstash.event.event import Event
from toolkit.logstash.filters import Context, Filter, filter_class
from toolkit.logstash.options import OptionError, OptionFault, decode

NOW = 1_700_000_000_000_000_000


def context(**changes: Any) -> Context:
    """A world without files, whose clock stands still."""
    return Context(
        **{
            "clock": lambda: NOW,
            "random": random.Random(1),
            "read_file": lambda name: b"",
            "list_files": lambda pattern: [],
            **changes,
        }
    )


def _filter(plugin: str, options: dict[str, Any]) -> Filter:
    kind = filter_class(plugin)
    assert kind is not None
    return decode(kind, options)


def run_events(
    plugin: str, options: dict[str, Any], fields: dict[str, Any], **changes: Any
) -> list[Event]:
    """The events that go on; ``changes`` are those of the world."""
    apply = _filter(plugin, options).register(context(**changes))
    return list(apply(Event(fields)))


def run(
    plugin: str, options: dict[str, Any], fields: dict[str, Any], **changes: Any
) -> list[dict[str, Any]]:
    """The fields of each event that goes on, but ``@version``."""
    events = [event.fields for event in run_events(plugin, options, fields, **changes)]
    return [{name: event[name] for name in event if name != "@version"} for event in events]


def faults(plugin: str, options: dict[str, Any]) -> list[OptionFault]:
    """What registering the filter finds wrong with its options."""
    try:
        _filter(plugin, options).register(context())
    except OptionError as error:
        return list(error.faults)
    return []
