"""The `split` filter: one event becomes many.

Emulates logstash-filter-split 3.1.8.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from toolkit.logstash.event import ruby
from toolkit.logstash.event.event import Event
from toolkit.logstash.fields import FieldOperation, Write, names_of
from toolkit.logstash.filters import Apply, Context, Filter, PipelineDied


@dataclass(frozen=True, kw_only=True)
class Split(Filter):
    """Yield one event for each piece of a string, or for each item of an array.

    Empty and null ones yield nothing, so that an empty text or array loses its event. A value
    of any other kind is left alone and tagged ``_split_type_failure``.
    """

    plugin: ClassVar[str] = "split"
    emulates: ClassVar[str] = "3.1.8"
    marks: ClassVar[tuple[str, ...]] = ("_split_type_failure",)

    field: str = "message"
    terminator: str = "\n"
    target: str | None = None

    def writes(self, context: Context | None = None) -> Iterator[FieldOperation]:
        for name in names_of(self.target or self.field):
            yield Write(name, names_of(self.field))

    @property
    def one_to_one(self) -> bool:
        return False

    def register(self, context: Context) -> Apply:
        def apply(event: Event) -> Iterable[Event]:
            value = event.get(self.field)
            if isinstance(value, list):
                if self.target is None:
                    event.remove(self.field)
                return self._pieces(event, value)
            if isinstance(value, str):
                pieces = self._split(value)
                return (event,) if len(pieces) == 1 else self._pieces(event, pieces)
            self.fail(event, self.marks)
            return (event,)

        return apply

    def _split(self, text: str) -> list[str]:
        try:
            return ruby.split(text, self.terminator, keep_empty=True)
        except ruby.RubyError as error:
            raise PipelineDied(str(error)) from error

    def _pieces(self, event: Event, pieces: list[Any]) -> list[Event]:
        events = []
        for piece in pieces:
            if piece is not None and piece != "":
                twin = event.clone()
                twin.set(self.field if self.target is None else self.target, piece)
                self.decorate(twin)
                events.append(twin)
        return events
