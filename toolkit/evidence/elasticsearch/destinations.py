"""The index that an event would be written to at a given time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

from toolkit.evidence.logs.pipelines import Compiled
from toolkit.logstash.config import attributes
from toolkit.logstash.config.nodes import plugins
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.fieldref import FieldError
from toolkit.logstash.event.values import Timestamp


def outputs(compiled: Compiled) -> tuple[str, ...]:
    """Return the index names of the outputs, as written: ``app-%{+yyyy.MM.dd}``."""
    return tuple(_outputs(compiled))


def _outputs(compiled: Compiled) -> Iterator[str]:
    tree = compiled.configuration
    for plugin in plugins(tree.statements("output")) if tree else ():
        index = attributes.values(plugin).get("index")
        if plugin.name == "elasticsearch" and isinstance(index, str):
            yield index


def destination(event: Mapping[str, Any], names: Sequence[str], pattern: str, now: int) -> str:
    """Return the first index name that matches, with its references resolved.

    Args:
        event: The event.
        names: The index names of the outputs, which may hold ``%{…}``.
        pattern: The index patterns of the contract, separated by commas.
        now: The time, in nanoseconds since 1970.

    Returns:
        The name; if none matches, the pattern with the day in place of its star.
    """
    present = Event({**event, "@timestamp": Timestamp(now)})
    for name in names:
        try:
            index = present.sprintf(name)
        except FieldError:
            continue
        if "%{" not in index and any(fnmatchcase(index, each) for each in pattern.split(",")):
            return index
    return pattern.replace("*", f"{datetime.fromtimestamp(now / 1e9, UTC):%Y.%m.%d}")
