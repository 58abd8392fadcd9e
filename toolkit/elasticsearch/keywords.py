"""Fields of text: ``keyword``, ``constant_keyword``, ``wildcard``, ``text``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.elasticsearch.values import MalformedValue, spell

LONGEST_TERM = 32766
"""Maximum length of a Lucene term, in bytes of UTF-8."""


class TooLong(MalformedValue):
    """The text is longer than ``ignore_above``: its field is ignored, not its document."""


@dataclass(frozen=True, slots=True)
class Keyword:
    """The type ``keyword``, and ``wildcard``, which stores the same."""

    ignore_above: int | None = None
    kept: bool = True
    """True if it is indexed, stored or has doc values: otherwise no value is read."""
    longest: int | None = LONGEST_TERM
    lowercase: bool = False

    def read(self, value: Any) -> str | None:
        """Return the stored text; raise `TooLong`, or `MalformedValue` for an immense term."""
        if value is None or not self.kept:
            return None
        text = spell(value)
        if self.ignore_above is not None and utf16_units(text) > self.ignore_above:
            raise TooLong(f"longer than {self.ignore_above} characters")
        if self.lowercase:
            text = "".join(map(str.lower, text))
        if self.longest is not None and len(text.encode("utf-8", "replace")) > self.longest:
            raise MalformedValue(f"immense term: its UTF-8 is longer than {self.longest} bytes")
        return text

    def show(self, values: Sequence[Any]) -> list[Any]:
        """Return the doc values: each text once, in the order of its UTF-8."""
        return sorted(set(values))


@dataclass(frozen=True, slots=True)
class ConstantKeyword:
    """The type ``constant_keyword``: the first value is fixed for the whole index."""

    value: str | None = None

    def read(self, value: Any) -> str:
        """Return the constant; raise `MalformedValue` for any other text, and for null."""
        if value is None:
            raise MalformedValue("[constant_keyword] field doesn't accept [null] values")
        if self.value is not None and spell(value) != self.value:
            raise MalformedValue(
                "[constant_keyword] field only accepts values that are equal to the value "
                f"defined in the mappings [{self.value}], but got [{spell(value)}]"
            )
        return spell(value)

    def show(self, values: Sequence[Any]) -> list[Any]:
        """Return the constant."""
        return sorted(set(values))


@dataclass(frozen=True, slots=True)
class Text:
    """The type ``text`` and similar ones: accepts every scalar, has no doc values."""

    def read(self, value: Any) -> str | None:
        """Return the text that is analysed."""
        return None if value is None else spell(value)

    def show(self, values: Sequence[Any]) -> None:
        """Return None: there are no doc values."""


def utf16_units(text: str) -> int:
    """Return the length of a text in UTF-16 code units, as Java counts it."""
    return len(text) + sum(character > "\uffff" for character in text)
