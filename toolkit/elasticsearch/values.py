"""JSON values as Elasticsearch's parser sees them: scalars with their text, and tokens.

A number keeps the text that spelled it, because a ``keyword`` or a ``date`` is read from that
text: read documents with ``json.loads(text, parse_float=SpelledFloat)`` to keep it. A plain
float is spelled as Python prints it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple, Self

Kind = Literal["{", "}", "[", "]", "name", "value", "end"]


class SpelledFloat(float):
    """A float that remembers its digits.

    >>> spell(SpelledFloat("1.50E3"))
    '1.50E3'
    """

    text: str

    def __new__(cls, text: str) -> Self:
        number = super().__new__(cls, text)
        number.text = text
        return number


class MalformedValue(Exception):
    """A field's type cannot take a value; ``ignore_malformed`` would drop it."""


class Rejection(Exception):
    """The document is refused, with Elasticsearch's error type and why."""

    def __init__(self, error: str, reason: str) -> None:
        super().__init__(reason)
        self.error = error
        self.reason = reason


def spell(scalar: Any) -> str:
    """The text of a JSON scalar, as it stood in the document."""
    match scalar:
        case bool():
            return "true" if scalar else "false"
        case SpelledFloat():
            return scalar.text
        case float():
            return repr(float(scalar))
        case _:
            return str(scalar)


class JsonToken(NamedTuple):
    """A bracket, a member's name, a scalar, or the end.

    The bracket that a dotted name stands for has the first token of its value as its value.
    """

    kind: Kind
    value: Any = None


END: Final = JsonToken("end")


class Tokens:
    """A JSON value as a sequence with a current token."""

    def __init__(self, value: Any) -> None:
        self._tokens: list[JsonToken] = []
        self._flatten(value)
        self._at = 0

    @property
    def current(self) -> JsonToken:
        """The token under the reader; ``end`` after the last."""
        return self._tokens[self._at] if self._at < len(self._tokens) else END

    def advance(self) -> JsonToken:
        """Go to the next token, and return it."""
        self._at += 1
        return self.current

    def put(self, scalar: Any) -> None:
        """Let those that read the scalar here again find another."""
        self._tokens[self._at] = JsonToken("value", scalar)

    def skip(self) -> None:
        """Go to the last token of the value that starts here."""
        self._at = self._last(self._at)

    def expand(self, parts: list[str]) -> None:
        """Read the name here as the path ``parts``: ``a.b: 1`` as ``a: {b: 1}``."""
        last = self._last(self._at + 1)
        value = self._tokens[self._at + 1 : last + 1]
        opened: list[JsonToken] = []
        for part in parts[1:]:
            # Java's reader shows what comes next behind the bracket that is not there.
            opened += [JsonToken("{", value[0]), JsonToken("name", part)]
        closed = [JsonToken("}")] * (len(parts) - 1)
        self._tokens[self._at : last + 1] = [JsonToken("name", parts[0]), *opened, *value, *closed]

    def read(self) -> Any:
        """The value that starts here; goes to its last token."""
        kind, scalar = self.current
        if kind == "{":
            members = {}
            while self.advance().kind == "name":
                name = self.current.value
                self.advance()
                members[name] = self.read()
            return members
        if kind == "[":
            items = []
            while self.advance().kind != "]":
                items.append(self.read())
            return items
        return scalar

    def entered(self) -> Self:
        """The same, inside its outer bracket."""
        self.advance()
        return self

    def _last(self, start: int) -> int:
        depth = 0
        for index in range(start, len(self._tokens)):
            kind = self._tokens[index].kind
            depth += (kind in "{[") - (kind in "}]")
            if depth <= 0:
                return index
        return len(self._tokens) - 1

    def _flatten(self, value: Any) -> None:
        add = self._tokens.append
        if isinstance(value, Mapping):
            add(JsonToken("{"))
            for name, item in value.items():
                add(JsonToken("name", name))
                self._flatten(item)
            add(JsonToken("}"))
        elif isinstance(value, list | tuple):
            add(JsonToken("["))
            for item in value:
                self._flatten(item)
            add(JsonToken("]"))
        else:
            add(JsonToken("value", _scalar(value)))


def _scalar(value: Any) -> Any:
    """Return a JSON scalar: what JSON has no notation for arrives as its text.

    Jackson writes numbers that are not finite as the strings ``"NaN"`` and ``"Infinity"``.
    """
    match value:
        case Decimal():
            return SpelledFloat(str(value))
        case float() if not (math.isfinite(value) or isinstance(value, SpelledFloat)):
            return str(value).replace("inf", "Infinity").replace("nan", "NaN")
        case None | bool() | int() | float() | str():
            return value
        case _:
            return str(value)
