"""JSON values as Elasticsearch's parser reads them: scalars with their text, and tokens.

A number keeps its notation, because a ``keyword`` or a ``date`` is read from that: parse
documents with ``json.loads(text, parse_float=SpelledFloat)``. A plain float is spelled as Python
prints it.
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
    """A value does not fit the type of its field; ``ignore_malformed`` would drop it."""


class Rejection(Exception):
    """The document is rejected, with Elasticsearch's error type and reason."""

    def __init__(self, reason: str, error: str = "document_parsing_exception") -> None:
        super().__init__(reason)
        self.error = error
        self.reason = reason


def spell(scalar: Any) -> str:
    """Return the text of a JSON scalar, as in the document."""
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

    A bracket that is implied by a dotted name has the first token of its value as its value.
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
        """The current token; ``end`` after the last."""
        return self._tokens[self._at] if self._at < len(self._tokens) else END

    def advance(self) -> JsonToken:
        """Go to the next token, and return it."""
        self._at += 1
        return self.current

    def put(self, scalar: Any) -> None:
        """Replace the current scalar for later readers."""
        self._tokens[self._at] = JsonToken("value", scalar)

    def skip(self) -> None:
        """Go to the last token of the current value."""
        self._at = self._last(self._at)

    def expand(self, parts: list[str]) -> None:
        """Replace the current name by the path ``parts``: ``a.b: 1`` by ``a: {b: 1}``."""
        last = self._last(self._at + 1)
        value = self._tokens[self._at + 1 : last + 1]
        opened: list[JsonToken] = []
        for part in parts[1:]:
            # Java's parser returns the next token in place of the implied bracket.
            opened += [JsonToken("{", value[0]), JsonToken("name", part)]
        closed = [JsonToken("}")] * (len(parts) - 1)
        self._tokens[self._at : last + 1] = [JsonToken("name", parts[0]), *opened, *value, *closed]

    def read(self) -> Any:
        """Return the current value, and go to its last token."""
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
        """Enter the outer bracket, and return self."""
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
