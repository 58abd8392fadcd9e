"""Stand-ins: the fields that filters which are not emulated are assumed to set."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from toolkit.errors import InputError
from toolkit.findings import Finding, Location
from toolkit.logstash.config import attributes, nodes
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.fieldref import FieldError
from toolkit.logstash.event.values import Timestamp
from toolkit.logstash.fields import Name, name_of

_TIMESTAMP: Name = ("@timestamp",)

Fields = Mapping[str, Any]
"""Values by field reference; None removes a field."""


@dataclass(frozen=True)
class StandIns:
    """Fields by the ``id`` of a filter, its place (``FILE:LINE``) or its name, in this order."""

    configuration: nodes.Configuration
    given: Mapping[str, Fields] = field(default_factory=dict)

    def key(self, plugin: nodes.Plugin) -> str | None:
        """Return the name under which a filter has a stand-in; None without one."""
        return next((name for name in self._names(plugin) if name in self.given), None)

    def of(self, plugin: nodes.Plugin) -> Fields | None:
        """Return the fields that a filter is assumed to set; None without a stand-in."""
        key = self.key(plugin)
        return None if key is None else event_fields(self.given[key])

    def refuse(self) -> None:
        """Raise `InputError` for a stand-in without a filter, or with fields no event can have."""
        known = {name for each in self._filters for name in self._names(each)}
        called = [name for each in self._filters for name in (_id(each), each.name) if name]
        for name, fields in self.given.items():
            if name not in known:
                raise InputError(_stranger(name, called))
            try:
                event_fields(fields)
            except ValueError as error:
                raise InputError(_impossible(name, error)) from error

    def unused(self, used: Container[str]) -> Iterator[tuple[str, nodes.Plugin]]:
        """Yield the other stand-ins, each with the first filter it is for."""
        for name in self.given:
            if name not in used:
                yield name, next(each for each in self._filters if name in self._names(each))

    def example(self, plugin: nodes.Plugin, fields: Sequence[str]) -> str:
        """Return a stand-in, as YAML, by which a filter sets none of some fields."""
        alike = [each for each in self._filters if each.name == plugin.name]
        key = _id(plugin) or (plugin.name if len(alike) == 1 else self._place(plugin))
        return f"{{{json.dumps(key) if ':' in key else key}: {json.dumps(dict.fromkeys(fields))}}}"

    @cached_property
    def _filters(self) -> list[nodes.Plugin]:
        return [*nodes.plugins(self.configuration.statements("filter"))]

    def _names(self, plugin: nodes.Plugin) -> Iterator[str]:
        if name := _id(plugin):
            yield name
        place = self._place(plugin)
        for _ in range(place.count("/") + 1):
            yield place
            place = place.partition("/")[2]
        yield plugin.name

    def _place(self, plugin: nodes.Plugin) -> str:
        where = self.configuration.sources.locate(plugin.name_span)
        return f"{where.source}:{where.line}"


def event_fields(fields: Fields) -> Fields:
    """Return fields with the values an event has: ``@timestamp`` is a time there.

    >>> event_fields({"[geo][city]": "Recife", "@timestamp": None})
    {'[geo][city]': 'Recife', '@timestamp': None}

    Raises `ValueError` for what no event can have.
    """
    event, found = Event({}), dict(fields)
    for reference, value in fields.items():
        if name_of(reference) in (None, ("",)):
            raise ValueError(f"`{reference}` is no field reference")
        try:
            if name_of(reference) == _TIMESTAMP and isinstance(value, str):
                found[reference] = Timestamp.parse(value)
            if value is not None:
                event.set(reference, found[reference])
        except (FieldError, ValueError) as error:
            raise ValueError(f"`{reference}` cannot be set: {error}") from error
    return found


def _impossible(name: str, error: ValueError) -> Finding:
    return Finding(
        what=f"the stand-in for `{name}` is impossible: {error}",
        where=Location("stand_ins"),
        why="its fields are set on each event as a filter of Logstash sets them",
        fix='write the field as in `"[geo][city]"`, and `@timestamp` in ISO 8601.',
    )


def _stranger(name: str, called: Sequence[str]) -> Finding:
    near = get_close_matches(name, called, n=1)
    return Finding(
        what=f"no filter is called `{name}`, for which there is a stand-in",
        where=Location("stand_ins"),
        why="a filter is called by its `id`, its place as `FILE:LINE`, or its name",
        fix=f"did you mean `{near[0]}`?" if near else "name a filter of the configuration.",
    )


def _id(plugin: nodes.Plugin) -> str | None:
    given = attributes.values(plugin).get("id")
    return None if given is None else str(given)
