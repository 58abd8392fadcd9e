"""The `useragent` filter: a browser's name for itself becomes its parts.

Emulates logstash-filter-useragent 3.3.5.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from toolkit.logstash.event.event import Event
from toolkit.logstash.event.fieldref import FieldError
from toolkit.logstash.event.values import Value
from toolkit.logstash.fields import FieldOperation, Name, Write, names_of
from toolkit.logstash.filters import Apply, Context, Filter, PipelineDied
from toolkit.logstash.filters._agents import agent_parts

_LEGACY_PARTS = (
    *("name", "device", "version", "major", "minor", "patch"),
    *("os", "os_name", "os_full", "os_version", "os_major", "os_minor", "os_patch"),
)
_ECS_FIELDS = {
    "name": "[name]",
    "device": "[device][name]",
    "version": "[version]",
    "os_name": "[os][name]",
    "os_full": "[os][full]",
    "os_version": "[os][version]",
}
_ECS_HIDDEN_FIELDS = {
    f"{prefix}{part}": f"[@metadata][filter][user_agent]{parent}[version][{part}]"
    for prefix, parent in (("", ""), ("os_", "[os]"))
    for part in ("major", "minor", "patch")
}


@dataclass(frozen=True, kw_only=True)
class Useragent(Filter):
    """Store browser, device and operating system; nothing for an empty or missing name."""

    plugin: ClassVar[str] = "useragent"
    emulates: ClassVar[str] = "3.3.5"
    unsupported: ClassVar[frozenset[str]] = frozenset({"regexes"})

    source: str
    target: str | None = None
    regexes: str | None = None
    prefix: str = ""
    lru_cache_size: float = 100_000
    ecs_compatibility: Literal["disabled", "v1", "v8"] | None = None

    def writes(self, context: Context | None = None) -> Iterator[FieldOperation]:
        for name in names_of(*self._fields(context).values()):
            yield Write(name, names_of(self.source), form="text")

    def changes(self, context: Context | None = None) -> Iterator[Name]:
        yield from super().changes(context)
        yield from names_of(self.source)

    def register(self, context: Context) -> Apply:
        fields = self._fields(context)

        def apply(event: Event) -> tuple[Event]:
            try:
                text = _agent(event.get(self.source))
                if text is None:
                    return (event,)
                if self.target == self.source:
                    event.remove(self.source)
                for part, value in agent_parts(text):
                    if part in fields:
                        event.set(fields[part], value)
            except FieldError as error:
                raise PipelineDied(f"useragent: {error}") from error
            self.decorate(event)
            return (event,)

        return apply

    def _fields(self, context: Context | None) -> Mapping[str, str]:
        """The field reference of each part that is stored."""
        if not self.is_ecs(context):
            target = _bracketed(self.target or "")
            return {part: f"{target}[{self.prefix}{part}]" for part in _LEGACY_PARTS}
        target = _bracketed("[user_agent]" if self.target is None else self.target)
        return _ECS_HIDDEN_FIELDS | {part: target + name for part, name in _ECS_FIELDS.items()}


def _bracketed(target: str) -> str:
    if not target or re.fullmatch(r"\[[^\[\]]+\]", target):
        return target
    return f"[{target}]"


def _agent(value: Value) -> str | None:
    """The text to parse: of an array the first item; None for nothing, and for a hash."""
    if isinstance(value, list):
        value = value[0] if value else None
    match value:
        case str():
            return value or None
        case None | dict() | list():
            return None
        case _:
            raise PipelineDied(f"useragent: undefined method `empty?' for {value!r}")
