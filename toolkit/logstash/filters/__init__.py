"""Emulated filters. One filter is one module; its options are its fields.

`register` checks the options and returns a plain function that takes an event and yields
the events that go on: itself when it is kept, nothing when it is dropped, others when it
is replaced. That function calls ``self.decorate(event)`` where Logstash's plugin calls
``filter_matched``: it runs the common options add_field, remove_field, add_tag, remove_tag.
Where the plugin fails, it calls ``self.fail(event, tags)``.

`writes` yields the effects of that function on the fields of an event, for analyses that read
the configuration only: the lineage of fields, and the remarks on a configuration.
"""

from __future__ import annotations

import pkgutil
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from functools import cache, cached_property
from importlib import import_module
from typing import Any, ClassVar, Literal, TypeAlias
from zoneinfo import ZoneInfo

from toolkit.extensions import load, provided
from toolkit.logstash.event.comparison import PipelineDied
from toolkit.logstash.event.event import Event, Failure
from toolkit.logstash.event.fieldref import FieldError
from toolkit.logstash.event.values import Value
from toolkit.logstash.fields import FieldOperation, Name, name_of
from toolkit.logstash.filters._common_options import Decoration, decorations
from toolkit.logstash.options import Hash, Strings
from toolkit.logstash.plugins import Described, described

__all__ = [
    "Apply",
    "Context",
    "Filter",
    "PipelineDied",
    "filter_class",
    "filter_names",
    "usual_failure_tags",
]

Apply: TypeAlias = Callable[[Event], Iterable[Event]]


class UnknownFile(Exception):
    """A file that exists where Logstash runs, as far as can be known, and is not at hand here."""

    def __init__(self, reason: str, path: str) -> None:
        super().__init__(reason)
        self.path = path


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """All that a filter may know of the world; arguments, so that the library stays pure."""

    clock: Callable[[], int]
    """Nanoseconds since 1970."""
    random: random.Random = field(default_factory=random.Random)
    read_file: Callable[[str], bytes]
    """The bytes of a file named by an option (a dictionary, a pattern file).

    Raises OSError, or `UnknownFile` if the file is where Logstash runs.
    """
    list_files: Callable[[str], Sequence[str]]
    """Returns the names that match a glob of an option, sorted; raises `UnknownFile`."""
    ecs_compatibility: Literal["disabled", "v1", "v8"] = "v8"
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    """The zone of the machine Logstash runs on."""
    release: str | None = None
    """The Logstash release that runs, such as ``8.10``; None if it is not known."""
    plugin_versions: str = "9.2.0"
    """The Logstash release whose bundled plugins are emulated."""


@dataclass(frozen=True, kw_only=True)
class Filter:
    """The options every filter has. Subclasses add theirs and override `register`."""

    plugin: ClassVar[str]
    """The name in a configuration."""
    emulates: ClassVar[str]
    """The version of the plugin gem that is emulated, such as ``3.5.8``."""
    parses: ClassVar[bool] = False
    """True if it takes texts apart: an event is read where one such filter succeeds."""
    marks: ClassVar[tuple[str, ...]] = ()
    """Tags of events it fails on, besides those its options name."""
    unsupported: ClassVar[frozenset[str]] = frozenset()
    """Legal options that are not emulated: using one is `Unsupported`, never ignored."""

    id: str | None = None
    enable_metric: bool = True
    periodic_flush: bool = False
    add_field: Hash = field(default_factory=dict)
    remove_field: Strings = ()
    add_tag: Strings = ()
    remove_tag: Strings = ()

    def register(self, context: Context) -> Apply:
        """Check the options, compile what can be; `OptionError` lists every fault."""
        raise NotImplementedError

    def writes(self, context: Context | None = None) -> Iterator[FieldOperation]:
        """Yield its effects on fields where it succeeds, in order, without the common options.

        A filter that does not override it is assumed to read ``source`` or ``field``, and to
        write ``target``, or any field without one. ``context`` may be missing: then no
        file can be read, and ECS compatibility is that of the option, or v8.
        """
        options = {each.name: getattr(self, each.name) for each in fields(self)}
        given = {name: value for name, value in options.items() if value is not None}
        yield from Described("filter", self.plugin, given).writes()

    def changes(self, context: Context | None = None) -> Iterator[Name]:
        """Yield all fields it may set or remove, without the common options.

        A filter that overrides `writes` for what it makes out of others overrides this too
        where it changes more: it is relied on where the event is known in part only.
        """
        yield from (operation.field for operation in self.writes(context))

    @property
    def one_to_one(self) -> bool:
        """True if each event comes out, and no other one with it."""
        return True

    @property
    def sources(self) -> tuple[str, ...]:
        """The fields it reads, and can fail to read: those that the usual options name."""
        named = getattr(self, "source", None) or getattr(self, "field", None)
        return (named,) if isinstance(named, str) else ()

    @property
    def failure_tags(self) -> tuple[str, ...]:
        """The tags of events it fails on: the values of its options ``tag_on_…``, and others."""
        options = (each.name for each in fields(self) if each.name.startswith("tag_on_"))
        return (*_tags(getattr(self, name) for name in options), *self.marks)

    @classmethod
    def usual_failure_tags(cls) -> tuple[str, ...]:
        """The tags of events it fails on where no option names others."""
        options = (each for each in fields(cls) if each.name.startswith("tag_on_"))
        return (*_tags(option.default for option in options), *cls.marks)

    def is_optional(self, text: str) -> bool:
        """Return whether failing on a text cut out of a line, without a tag, may be intended."""
        return False

    def fail(
        self, event: Event, tags: Sequence[str], sources: Sequence[str] | None = None
    ) -> None:
        """Tag an event, and record that it could not be read.

        Args:
            event: The event it failed on.
            tags: Those that the options ask for in this case, which may be none.
            sources: The fields it had to read; all of `sources` where they are not given.
        """
        for tag in tags:
            event.tag(tag)
        texts = _held(event, self._sources if sources is None else sources)
        event.failures += (Failure(self, texts, tuple(tags), event.parsed),)

    def is_ecs(self, context: Context | None) -> bool:
        """Return whether fields get names of the Elastic Common Schema."""
        chosen = getattr(self, "ecs_compatibility", None)
        return (chosen or (context.ecs_compatibility if context else "v8")) != "disabled"

    def decorate(self, event: Event) -> None:
        """Run the common options on an event the filter succeeded with.

        In Logstash's order: add_field, remove_field, add_tag, remove_tag. `FieldError` where a
        field cannot be set or a template cannot be filled; what was done before it stays.
        """
        if self.parses:
            event.parsed += ((self, [*map(event.get, self._sources)]),)
        for step in self._decorations:
            step(event)

    @cached_property
    def _sources(self) -> tuple[str, ...]:
        return self.sources

    @cached_property
    def _decorations(self) -> tuple[Decoration, ...]:
        options = (self.add_field, self.remove_field, self.add_tag, self.remove_tag)
        return tuple(decorations(*options))


def _tags(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        listed = [value] if isinstance(value, str) else value
        yield from listed if isinstance(listed, list | tuple) else ()


def _held(event: Event, references: Sequence[str]) -> dict[str, Value]:
    """The values of fields; illegal references have none."""
    try:
        return {reference: event.get(reference) for reference in references}
    except FieldError:
        legal = (reference for reference in references if name_of(reference))
        return {reference: event.get(reference) for reference in legal}


def filter_names() -> tuple[str, ...]:
    """The names of all emulated filters, those of other packages included, sorted."""
    return tuple(sorted({*_own(), *(entry.name for entry in provided("filters"))}))


@cache
def usual_failure_tags() -> frozenset[str]:
    """The tags by which Logstash's own filters and codecs mark what they could not read."""
    emulated = (filter_class(name) for name in _own())
    described_ones = (Described("filter", name, {}) for name in described("filter"))
    return frozenset(
        (
            "_tagsparsefailure",
            *(tag for each in emulated if each for tag in each.usual_failure_tags()),
            *(tag for each in described_ones for tag in each.failure_tags()),
        )
    )


@cache
def filter_class(name: str) -> type[Filter] | None:
    """Load the filter ``name`` from its module, or from another package; None if unknown.

    Raises `Unavailable` if the module of the other package has no such filter.
    """
    if name in _own():
        return _filter_in(import_module(f"{__name__}.{name}"), name)
    for entry in provided("filters"):
        if entry.name == name:
            wanted = f'a subclass of `Filter` whose `plugin` is "{name}"'
            return load(entry, lambda module: _filter_in(module, name), wanted)
    return None


@cache
def _own() -> frozenset[str]:
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return frozenset(name for name in names if not name.startswith("_"))


def _filter_in(module: object, name: str) -> type[Filter] | None:
    classes = (value for value in vars(module).values() if isinstance(value, type))
    filters = (each for each in classes if issubclass(each, Filter))
    return next((each for each in filters if getattr(each, "plugin", "") == name), None)
