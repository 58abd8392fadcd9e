"""Stand-ins: the fields that filters which are not emulated are assumed to set."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from toolkit.errors import InputError
from toolkit.findings import Finding, Location
from toolkit.logstash.config import attributes, nodes

Fields = Mapping[str, Any]
"""Values by field reference; None removes a field."""


@dataclass(frozen=True)
class StandIns:
    """Fields by the ``id`` of a filter, its place (``FILE:LINE``) or its name, in this order."""

    configuration: nodes.Configuration
    given: Mapping[str, Fields] = field(default_factory=dict)

    def of(self, plugin: nodes.Plugin) -> Fields | None:
        """Return the fields that a filter is assumed to set; None without a stand-in."""
        names = (name for name in self._names(plugin) if name in self.given)
        return next((self.given[name] for name in names), None)

    def refuse_strangers(self) -> None:
        """Raise `InputError` for a stand-in without a filter."""
        known = {name for each in self._filters for name in self._names(each)}
        called = [name for each in self._filters for name in (_id(each), each.name) if name]
        for name in self.given:
            if name not in known:
                raise InputError(_stranger(name, called))

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
