"""Extraction of the values that figures need from events."""

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
    """A field with a role, and its type in the index."""

    name: str
    kind: FieldKind

    def of(self, event: Mapping[str, Any], ignored: list[str]) -> Any:
        """Return the first value that is stored; add the field to ``ignored`` if one is not."""
        for value in lookup(event, self.name):
            try:
                return self.kind.read(value)
            except MalformedValue:
                if self.name not in ignored:
                    ignored.append(self.name)
        return None


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads events as an index with ``ignore_malformed`` would."""

    fields: Mapping[str, _RoleField]
    """By role."""
    scale: float
    """The unit of the latency in seconds."""
    tags: frozenset[str]

    def row(self, event: Mapping[str, Any]) -> Row:
        """Return the values of an event."""
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
    """Return a reader for events with these fields.

    Args:
        fields: The fields of the contract.
        further_tags: Failure tags besides those of Logstash's filters.
        definitions: Those of the mapping, by name; default: the types of the contract.

    Raises:
        Unsupported: When the first value of a type is read that is not emulated.
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
    """Return a stored value as a number; a keyword may hold one as text."""
    try:
        return None if value is None else float(value)
    except (TypeError, ValueError):
        return None
