"""The `de_dot` filter: rename fields whose names have dots.

Emulates logstash-filter-de_dot 1.1.0, which knows no ``tag_on_failure`` yet: a name that
cannot be made, or a parent that is no hash, ends the pipeline.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from toolkit.logstash.event.event import Event
from toolkit.logstash.fields import ANY, FieldOperation, Name, Write, names_of
from toolkit.logstash.filters import Apply, Context, Filter
from toolkit.logstash.options import OptionError, OptionTexts, Strings

_fault = OptionTexts(__package__)
_NESTED = "]["


@dataclass(frozen=True, kw_only=True)
class DeDot(Filter):
    """Put ``separator`` for each dot, or, with ``nested``, make a hash of what is before it."""

    plugin: ClassVar[str] = "de_dot"
    emulates: ClassVar[str] = "1.1.0"

    separator: str = "_"
    nested: bool = False
    recursive: bool = False
    fields: Strings | None = None

    def writes(self, context: Context | None = None) -> Iterator[FieldOperation]:
        """The names without dots; without ``fields``, of whatever the event has."""
        separator = _NESTED if self.nested else self.separator
        for reference in self.fields or ("[%{}.%{}]",):
            read = names_of(reference) if self.fields else ()
            renamed = f"[{reference}]" if "[" not in reference else reference
            for name in names_of(renamed.replace(".", separator)):
                yield Write(name, read, text=reference, form="same", certain=False)

    def changes(self, context: Context | None = None) -> Iterator[Name]:
        yield ANY

    def register(self, context: Context) -> Apply:
        if "." in self.separator:
            at = self.separator.index(".")
            raise OptionError(_fault("separator", (), at, at + 1, separator=self.separator))
        separator = _NESTED if self.nested else self.separator

        def apply(event: Event) -> tuple[Event]:
            for name in event.names() if self.fields is None else self.fields:
                if event.includes(name) and ("." in name or self.recursive):
                    self._rename(event, name, separator)
            self.decorate(event)
            return (event,)

        return apply

    def _rename(self, event: Event, reference: str, separator: str) -> None:
        if separator == _NESTED or self.recursive:
            reference = f"{'' if reference[0] == '[' else '['}{reference}"
            reference = f"{reference}{'' if reference[-1] == ']' else ']'}"
        if "." in reference:
            renamed = reference.replace(".", separator)
            event.set(renamed, event.get(reference))
            event.remove(_first_dotted(reference))
            reference = renamed
        content = event.get(reference) if self.recursive else None
        if isinstance(content, dict):
            for name in [*content]:
                self._rename(event, f"{reference}[{name}]", separator)


def _first_dotted(reference: str) -> str:
    """The part of a reference up to the first name that has a dot: that is what goes.

    >>> _first_dotted("[a][b.c][d.e]")
    '[a][b.c]'
    """
    names = reference.replace("[", "").split("]")
    last = next(index for index, name in enumerate(names) if "." in name)
    return "".join(f"[{name}]" for name in names[: last + 1])
