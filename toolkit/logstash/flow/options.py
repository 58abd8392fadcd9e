"""The options of a filter as they are written: their fields, their texts, and their places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from toolkit.logstash.config import attributes, nodes
from toolkit.logstash.config.nodes import Span
from toolkit.logstash.event.fieldref import FieldError, parse
from toolkit.logstash.event.sprintf import references
from toolkit.logstash.options import OptionFault

Name: TypeAlias = "tuple[str, ...]"
"""A field reference, taken apart: ``("a", "b")`` for ``[a][b]``."""


@dataclass(frozen=True)
class Options:
    """The options of one plugin."""

    plugin: nodes.Plugin
    values: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", attributes.values(self.plugin))

    def text(self, option: str, default: str | None = None) -> str | None:
        """A text; ``default`` where there is none."""
        value = self.values.get(option)
        return value if isinstance(value, str) else default

    def texts(self, option: str) -> list[str]:
        """A list of texts, or one that stands for such a list."""
        value = self.values.get(option)
        listed = value if isinstance(value, list) else [value]
        return [each for each in listed if isinstance(each, str)]

    def pairs(self, option: str) -> Iterator[tuple[str, Any]]:
        """The entries of a hash, or of an array that stands for one."""
        value = self.values.get(option)
        if isinstance(value, dict):
            yield from value.items()
        elif isinstance(value, list):
            for key, each in zip(value[::2], value[1::2], strict=False):
                yield str(key), each

    def span(
        self, option: str, *path: str | int, start: int | None = None, end: int | None = None
    ) -> Span:
        """The characters of a value of an option, or of a part of it."""
        wanted = OptionFault("", option, "", "", path=path, start=start, end=end)
        return attributes.locate(self.plugin, wanted)


def name_of(reference: str | None) -> Name | None:
    """Take a field reference apart; None if it is illegal, or depends on the event."""
    if reference is None or "%{" in reference:
        return None
    try:
        path = parse(reference)
    except FieldError:
        return None
    return (*(("@metadata",) if path.metadata else ()), *path.parents, path.name)


def read_by(*templates: Any) -> tuple[Name, ...]:
    """The fields that texts are filled from, lists of texts included."""
    return tuple(dict.fromkeys(_read_by(templates)))


def _read_by(templates: Iterable[Any]) -> Iterator[Name]:
    for template in templates:
        if isinstance(template, list):
            yield from _read_by(template)
        elif isinstance(template, str):
            for reference, _, _ in references(template):
                name = name_of(reference)
                if name and reference[:1] not in "+{":
                    yield name
