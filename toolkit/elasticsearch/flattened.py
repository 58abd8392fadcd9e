"""Flattened fields: a whole object indexed as the texts of its leaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.elasticsearch.keywords import LONGEST_TERM, utf16_units
from toolkit.elasticsearch.values import MalformedValue, spell


@dataclass(frozen=True, slots=True)
class Flattened:
    """The type ``flattened``, as Elasticsearch 9.2.0 does."""

    kept: bool = True
    deepest: int = 20
    ignore_above: int | None = None
    null_value: str | None = None

    def read(self, value: Any) -> list[str] | None:
        """Return the stored texts; raise `MalformedValue` unless it is an object."""
        if value is None or not self.kept:
            return None
        if not isinstance(value, Mapping):
            raise MalformedValue(f"expecting an object but found [{spell(value)}]")
        return list(self._leaves(value, ()))

    def show(self, values: Sequence[Any]) -> list[Any]:
        """Return the doc values: each text once, in the order of its UTF-8."""
        return sorted({text for texts in values for text in texts})

    def _leaves(self, value: Any, path: tuple[str, ...]) -> Iterator[str]:
        match value:
            case Mapping():
                if len(path) + 1 > self.deepest:
                    raise MalformedValue(f"exceeds the maximum depth limit of [{self.deepest}]")
                for name, item in value.items():
                    yield from self._leaves(item, (*path, name))
            case list():
                for item in value:
                    yield from self._leaves(item, path)
            case None:
                yield from () if self.null_value is None else self._leaf(self.null_value, path)
            case _:
                yield from self._leaf(spell(value), path)

    def _leaf(self, text: str, path: tuple[str, ...]) -> Iterator[str]:
        key = ".".join(path)
        if "\0" in key:
            raise MalformedValue("Keys in [flattened] fields cannot contain the character \\0")
        if self.ignore_above is not None and utf16_units(text) > self.ignore_above:
            return
        if len(f"{key}\0{text}".encode("utf-8", "replace")) > LONGEST_TERM:
            raise MalformedValue(f"one immense field of more than {LONGEST_TERM} bytes")
        yield text
