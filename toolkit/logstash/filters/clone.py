"""The `clone` filter: send copies of an event along with it.

Emulates logstash-filter-clone 4.2.0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from toolkit.logstash.event.event import Event
from toolkit.logstash.fields import FieldOperation, Write
from toolkit.logstash.filters import Apply, Context, Filter
from toolkit.logstash.options import Strings


@dataclass(frozen=True, kw_only=True)
class Clone(Filter):
    """Yield the event and a copy for each name in ``clones``, which marks the copy.

    It becomes a tag of the copy, or, without ECS compatibility, its ``type``. The common
    options apply to the copies only.
    """

    plugin: ClassVar[str] = "clone"
    emulates: ClassVar[str] = "4.2.0"

    clones: Strings
    ecs_compatibility: Literal["disabled", "v1", "v8"] | None = None

    def writes(self, context: Context | None = None) -> Iterator[FieldOperation]:
        field = "tags" if self.is_ecs(context) else "type"
        for name in self.clones:
            yield Write((field,), option="clones", text=name, certain=False)

    @property
    def one_to_one(self) -> bool:
        return False

    def register(self, context: Context) -> Apply:
        mark = _add_tag if self.is_ecs(context) else _set_type

        def twin(event: Event, name: str) -> Event:
            clone = event.clone()
            mark(clone, name)
            self.decorate(clone)
            return clone

        return lambda event: (event, *(twin(event, name) for name in self.clones))


def _set_type(event: Event, name: str) -> None:
    event.set("type", name)


def _add_tag(event: Event, name: str) -> None:
    event.add_tags([name])
