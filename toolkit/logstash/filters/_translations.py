"""The three ways in which translate applies its dictionary to an event.

As logstash-filter-translate 3.5.0 does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from toolkit.logstash.event import ruby
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.fieldref import FieldError
from toolkit.logstash.event.sprintf import Template
from toolkit.logstash.event.values import Value
from toolkit.logstash.filters._dictionary import Lookup
from toolkit.logstash.filters._yaml_scalars import Unstorable

Update: TypeAlias = Callable[[Event], bool | None]
"""Translates what an event holds; whether anything was, None where it holds nothing to be."""


@dataclass(frozen=True, slots=True)
class Translation:
    """The source and the target of a translation, and its dictionary."""

    source: str
    target: str
    look_up: Lookup
    fallback: Template | None
    override: bool

    def one_value(self, event: Event) -> bool | None:
        """Translate the source; of an array the first element."""
        if self._is_kept(event) or not event.includes(self.source):
            return None
        value = event.get(self.source)
        if isinstance(value, list):
            value = value[0] if value else None
        found = self._find(value, event)
        if found is not None:
            _store(event, self.target, found[0])
        return found is not None

    def each_value(self, event: Event) -> bool | None:
        """Translate all elements of the source; null where there is nothing for one."""
        if self._is_kept(event) or not event.includes(self.source):
            return None
        results: list[Value] = []
        for item in ruby.array(event.get(self.source)):
            found = self._find(item, event)
            results.append(found[0] if found else None)
        _store(event, self.target, results)
        return any(result not in (None, False) for result in results)

    def each_hash(self, iterate_on: str) -> Update:
        """Translate the source of each hash in the array ``iterate_on``."""
        array, source, target = map(_bracketed, (iterate_on, self.source, self.target))

        def update(event: Event) -> bool | None:
            if not event.includes(array):
                return None
            results = []
            for index, _ in enumerate(ruby.array(event.get(array))):
                value = event.get(f"{array}[{index}]{source}")
                found = None if value is None else self._find(value, event)
                if found is not None:
                    _store(event, f"{array}[{index}]{target}", found[0])
                results.append(found is not None)
            return any(results)

        return update

    def _is_kept(self, event: Event) -> bool:
        return not self.override and event.includes(self.target)

    def _find(self, value: Value, event: Event) -> tuple[Value] | None:
        found = self.look_up(ruby.to_s(value))
        if found is None and self.fallback is not None:
            return (self.fallback(event),)
        return found


def _bracketed(reference: str) -> str:
    return reference if reference.startswith("[") and reference.endswith("]") else f"[{reference}]"


def _store(event: Event, reference: str, value: Value) -> None:
    if isinstance(value, Unstorable):
        raise FieldError(f"`{reference}` cannot hold the date {value}")
    event.set(reference, value)
