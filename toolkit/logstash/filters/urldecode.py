"""The `urldecode` filter: undo percent-encoding.

Emulates logstash-filter-urldecode 3.0.6.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from toolkit.logstash.event.event import Event
from toolkit.logstash.event.fieldref import FieldError
from toolkit.logstash.event.values import inspect
from toolkit.logstash.fields import ANY, FieldOperation, Name, Write, names_of
from toolkit.logstash.filters import Apply, Context, Filter
from toolkit.logstash.options import OptionError, OptionTexts, Strings

_fault = OptionTexts(__package__)
_ESCAPES = re.compile(rb"(?:%[0-9a-fA-F]{2})+")
_UTF_8 = "utf-8"


@dataclass(frozen=True, kw_only=True)
class Urldecode(Filter):
    """Decode ``%41`` in strings, those in arrays and hashes too; ``+`` stays what it is.

    What is no UTF-8 afterwards is printed as Ruby's ``inspect`` does. A missing field becomes
    null.
    """

    plugin: ClassVar[str] = "urldecode"
    emulates: ClassVar[str] = "3.0.6"

    field: str = "message"
    all_fields: bool = False
    tag_on_failure: Strings = ("_urldecodefailure",)
    charset: str = "UTF-8"

    def writes(self, context: Context | None = None) -> Iterator[FieldOperation]:
        for name in names_of(() if self.all_fields else self.field):
            yield Write(name, (name,), form="same")

    def changes(self, context: Context | None = None) -> Iterator[Name]:
        return iter([ANY] if self.all_fields else names_of(self.field))

    def register(self, context: Context) -> Apply:
        convert = self._converter()

        def apply(event: Event) -> tuple[Event]:
            try:
                for name in event.names() if self.all_fields else [self.field]:
                    event.set(name, _decode(event.get(name), convert))
            except FieldError:
                self.fail(event, self.tag_on_failure)
            self.decorate(event)
            return (event,)

        return apply

    def _converter(self) -> Callable[[bytes], str]:
        """Find how bytes of the charset become text."""
        charset = "ascii" if self.charset in ("ASCII-8BIT", "BINARY") else self.charset
        try:
            codec = codecs.lookup(charset).name
        except LookupError:
            raise OptionError(
                _fault("charset", (), None, None, True, charset=self.charset)
            ) from None
        if codec == _UTF_8:
            return _from_utf_8
        return lambda raw: raw.decode(codec, "replace")


def _from_utf_8(raw: bytes) -> str:
    text = raw.decode(_UTF_8, "surrogateescape")
    try:
        text.encode()
    except UnicodeEncodeError:
        return inspect(text)[1:-1]
    return text


def _decode(value: Any, convert: Callable[[bytes], str]) -> Any:
    match value:
        case str():
            raw = value.encode(_UTF_8, "surrogateescape")
            return convert(_ESCAPES.sub(_unescape, raw))
        case list():
            return [_decode(item, convert) for item in value]
        case dict():
            return {name: _decode(item, convert) for name, item in value.items()}
        case _:
            return value


def _unescape(match: re.Match[bytes]) -> bytes:
    return bytes.fromhex(match[0].replace(b"%", b"").decode())
