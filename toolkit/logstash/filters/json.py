"""The `json` filter: read a field's text as JSON.

Emulates logstash-filter-json 3.2.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from toolkit.logstash.event import jackson
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.fieldref import FieldError
from toolkit.logstash.event.ruby import to_s
from toolkit.logstash.event.values import Timestamp, Value
from toolkit.logstash.fields import ANY, FieldOperation, Write, names_of
from toolkit.logstash.filters import Apply, Context, Filter
from toolkit.logstash.options import FieldReference, Strings

_TIMESTAMP = "@timestamp"


@dataclass(frozen=True, kw_only=True)
class Json(Filter):
    """Parse a text as JSON into ``target``, or, if it is an object, into the event itself.

    ``skip_on_invalid_json`` ignores text that is not JSON, but not JSON that is not an object.
    """

    plugin: ClassVar[str] = "json"
    emulates: ClassVar[str] = "3.2.1"
    parses: ClassVar[bool] = True
    marks: ClassVar[tuple[str, ...]] = ("_timestampparsefailure",)

    source: str
    target: FieldReference | None = None
    tag_on_failure: Strings = ("_jsonparsefailure",)
    skip_on_invalid_json: bool = False
    ecs_compatibility: Literal["disabled", "v1", "v8"] | None = None

    def writes(self, context: Context | None = None) -> Iterator[FieldOperation]:
        for name in names_of(self.target) if self.target else (ANY,):
            yield Write(name, names_of(self.source))

    def register(self, context: Context) -> Apply:
        def apply(event: Event) -> tuple[Event]:
            try:
                self._run(event, context)
            except FieldError:
                self.fail(event, self.tag_on_failure)
            return (event,)

        return apply

    def _run(self, event: Event, context: Context) -> None:
        text = event.get(self.source)
        if text is None or text is False:
            return
        try:
            value = _read(text)
        except ValueError:
            self.fail(event, () if self.skip_on_invalid_json else self.tag_on_failure)
            return
        if self.target is not None:
            event.set(self.target, value)
        elif isinstance(value, dict):
            self._spread(event, value, context)
        else:
            self.fail(event, self.tag_on_failure)
            return
        self.decorate(event)

    def _spread(self, event: Event, fields: dict[str, Any], context: Context) -> None:
        """Set each name as a field reference; a time that cannot be read becomes now."""
        written = fields.pop(_TIMESTAMP, None)
        for name, value in fields.items():
            event.set(name, value)
        if written is None or written is False:
            return
        try:
            event.timestamp = Timestamp.parse(written)
        except (TypeError, ValueError):
            event.timestamp = Timestamp(context.clock())
            self.fail(event, self.marks)
            event.set("_@timestamp", to_s(written))

    def is_optional(self, text: str) -> bool:
        """Text that begins as JSON does is broken, other text may be of another kind."""
        return not text.lstrip().startswith(("{", "["))


def _read(text: Value) -> Value:
    if not isinstance(text, str):
        raise ValueError("only a string can be read as JSON")  # noqa: TRY004
    return jackson.read(text)
