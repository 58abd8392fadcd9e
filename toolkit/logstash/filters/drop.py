"""The `drop` filter: lose events, all or a share of them.

Emulates logstash-filter-drop 3.0.5.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from toolkit.logstash.event.event import Event
from toolkit.logstash.fields import FieldOperation
from toolkit.logstash.filters import Apply, Context, Filter


@dataclass(frozen=True, kw_only=True)
class Drop(Filter):
    """Yield nothing in ``percentage`` of all cases; the common options are never run."""

    plugin: ClassVar[str] = "drop"
    emulates: ClassVar[str] = "3.0.5"

    percentage: float = 100

    def writes(self, context: Context | None = None) -> Iterator[FieldOperation]:
        yield from ()

    @property
    def one_to_one(self) -> bool:
        return False

    def register(self, context: Context) -> Apply:
        if self.percentage == 100:
            return lambda event: ()
        share = self.percentage / 100.0

        def apply(event: Event) -> tuple[Event, ...]:
            return () if context.random.random() < share else (event,)

        return apply
