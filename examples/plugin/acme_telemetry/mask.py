"""The `acme_mask` filter: hide all but the end of a text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from toolkit.logstash.event import Event
from toolkit.logstash.fields import FieldOperation, Write, names_of
from toolkit.logstash.filters import Apply, Context, Filter
from toolkit.logstash.options import Strings


@dataclass(frozen=True, kw_only=True)
class Mask(Filter):
    """Replace all characters of ``field`` but the last ``keep`` by stars.

    An event whose field is no text is tagged, and not changed.
    """

    plugin: ClassVar[str] = "acme_mask"
    emulates: ClassVar[str] = "1.0.0"

    field: str
    keep: int = 4
    tag_on_failure: Strings = ("_acmemaskfailure",)

    def writes(self, context: Context | None = None) -> Iterator[FieldOperation]:
        for name in names_of(self.field):
            yield Write(name, (name,), form="same")

    def register(self, context: Context) -> Apply:
        def apply(event: Event) -> tuple[Event]:
            text = event.get(self.field)
            if isinstance(text, str):
                hidden = max(len(text) - self.keep, 0)
                event.set(self.field, "*" * hidden + text[hidden:])
                self.decorate(event)
            else:
                self.fail(event, self.tag_on_failure)
            return (event,)

        return apply
