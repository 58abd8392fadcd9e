"""Emulated filters. One filter is one module; its options are its fields.

`register` checks the options and returns a plain function that takes an event and yields
the events that go on: itself when it is kept, nothing when it is dropped, others when it
is replaced. That function calls ``self.decorate(event)`` where Logstash's plugin calls
``filter_matched``: it runs the common options add_field, remove_field, add_tag, remove_tag.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal, TypeAlias
from zoneinfo import ZoneInfo

from toolkit.logstash.event import Event
from toolkit.logstash.options import Hash, Strings

__all__ = ["Apply", "Context", "Filter", "PipelineDied"]

Apply: TypeAlias = Callable[[Event], Iterable[Event]]


class PipelineDied(Exception):
    """Real Logstash does not survive this event: the pipeline ends, its batch is lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """All that a filter may know of the world; arguments, so that the library stays pure."""

    clock: Callable[[], int]
    """Nanoseconds since 1970."""
    random: random.Random = field(default_factory=random.Random)
    read_file: Callable[[str], bytes]
    """The bytes of a file named by an option (a dictionary, a pattern file); raises OSError."""
    list_files: Callable[[str], Sequence[str]]
    """The names a glob of an option stands for, sorted."""
    ecs_compatibility: Literal["disabled", "v1", "v8"] = "v8"
    timezone: ZoneInfo = ZoneInfo("UTC")
    """The zone of the machine Logstash runs on."""
    plugin_versions: str = "9.2.0"
    """The Logstash release whose bundled plugins are emulated."""


@dataclass(frozen=True, kw_only=True)
class Filter:
    """The options every filter has. Subclasses add theirs and override `register`."""

    plugin: ClassVar[str]
    """The name in a configuration."""
    emulates: ClassVar[str]
    """The version of the plugin gem that is emulated, such as ``3.5.8``."""
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

    def decorate(self, event: Event) -> None:
        """Run the common options on an event the filter succeeded with."""
        raise NotImplementedError
