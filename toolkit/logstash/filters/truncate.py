"""The `truncate` filter: limit how many bytes a field's text has.

Emulates logstash-filter-truncate 1.0.6.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from toolkit.logstash.event.event import Event
from toolkit.logstash.fields import ANY, FieldOperation, Name, Write, names_of
from toolkit.logstash.filters import Apply, Context, Filter
from toolkit.logstash.options import Strings


@dataclass(frozen=True, kw_only=True)
class Truncate(Filter):
    """Cut strings, those in arrays and hashes too, to ``length_bytes`` without half characters.

    A hash is reached by a bracketed reference, ``[a]``, only: ``a`` ends the pipeline there.
    The common options run if something was cut.
    """

    plugin: ClassVar[str] = "truncate"
    emulates: ClassVar[str] = "1.0.6"

    fields: Strings | None = None
    length_bytes: float

    def writes(self, context: Context | None = None) -> Iterator[FieldOperation]:
        for name in names_of(self.fields or ()):
            yield Write(name, (name,), form="same")

    def changes(self, context: Context | None = None) -> Iterator[Name]:
        return iter(names_of(self.fields) if self.fields else [ANY])

    def register(self, context: Context) -> Apply:
        def apply(event: Event) -> tuple[Event]:
            fields = self.fields
            if fields is None:
                fields = tuple(f"[{name}]" for name in event.names())
            cut = [self._truncate(event, name) for name in fields]
            if any(cut):
                self.decorate(event)
            return (event,)

        return apply

    def _truncate(self, event: Event, reference: str) -> bool:
        """Truncate the field; return True if that changed it."""
        value = event.get(reference)
        if isinstance(value, dict):
            cut = [self._truncate(event, f"{reference}[{name}]") for name in [*value]]
            return any(cut)
        if not isinstance(value, str | list):
            return False
        short = [*map(self._cut, value)] if isinstance(value, list) else self._cut(value)
        event.set(reference, short)
        return bool(short != value)

    def _cut(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        raw = value.encode("utf-8", "surrogateescape")
        if len(raw) <= self.length_bytes:
            return value
        if self.length_bytes < 0:
            return None
        return raw[: int(self.length_bytes)].decode("utf-8", "ignore")
