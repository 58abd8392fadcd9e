"""What the questions about latency and status need to know of an event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.elasticsearch.kinds import FieldKind, kind_of
from toolkit.elasticsearch.values import MalformedValue
from toolkit.evidence.elasticsearch.indices import AskedField
from toolkit.evidence.elasticsearch.measures import SCALES, Row
from toolkit.evidence.logs.events import lookup
from toolkit.evidence.logs.failures import failure_tags

_TIME = "@timestamp"


@dataclass(frozen=True, slots=True)
class _RoleField:
    """A field, and what an index makes of its values."""

    name: str
    kind: FieldKind

    def of(self, event: Mapping[str, Any], ignored: list[str]) -> Any:
        """The first value that is stored; names the field in ``ignored`` if one is not."""
        for value in lookup(event, self.name):
            try:
                return self.kind.read(value)
            except MalformedValue:
                if self.name not in ignored:
                    ignored.append(self.name)
        return None


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads events as an index would that ignores what is malformed."""

    fields: Mapping[str, _RoleField]
    """By role."""
    scale: float
    """The unit of the latency in seconds."""
    tags: frozenset[str]

    def row(self, event: Mapping[str, Any]) -> Row:
        """What is to be known of an event."""
        ignored: list[str] = []
        found = {role: field.of(event, ignored) for role, field in self.fields.items()}
        status, latency = _number(found.get("status")), _number(found.get("latency"))
        route = found.get("route")
        marks = event.get("tags") or ()
        marks = (marks,) if isinstance(marks, str) else marks
        return Row(
            status=None if status is None else int(status),
            seconds=None if latency is None else latency * self.scale,
            route=None if route is None else str(route),
            at=found.get(_TIME),
            tags=tuple(dict.fromkeys(tag for tag in marks if tag in self.tags)),
            ignored=tuple(ignored),
        )


def row_reader(
    fields: Iterable[AskedField],
    further_tags: Iterable[str] = (),
    definitions: Mapping[str, Mapping[str, Any]] | None = None,
) -> RowReader:
    """How to read events that have these fields.

    ``definitions`` are those of the mapping, by name; else fields have the type the contract
    declares. Raises `Unsupported`, with the first value, for a type that is not emulated.
    """
    fields, given = tuple(fields), definitions or {}
    time = kind_of({"type": "date", **given.get(_TIME, {})})
    read = {
        field.role: _RoleField(field.name, kind_of(given.get(field.name, {"type": field.type})))
        for field in reversed(fields)
        if field.role
    }
    latency = next((field for field in fields if field.role == "latency"), None)
    scale = SCALES[latency.unit] if latency else 1.0
    return RowReader(
        {**read, _TIME: _RoleField(_TIME, time)}, scale, failure_tags(further=tuple(further_tags))
    )


def _number(value: Any) -> float | None:
    """A stored value as a number; a keyword may hold one as text."""
    try:
        return None if value is None else float(value)
    except (TypeError, ValueError):
        return None
