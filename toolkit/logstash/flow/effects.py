"""The fields and tags that a filter may change, where it cannot be known what it does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.logstash.config import attributes, nodes
from toolkit.logstash.event.fieldref import FieldError
from toolkit.logstash.fields import ANY, Name, names_of, pattern_of
from toolkit.logstash.filters import Context, Filter, UnknownFile
from toolkit.logstash.flow.operations import added, configured, texts
from toolkit.logstash.options import OptionError
from toolkit.logstash.plugins import Described
from toolkit.logstash.unknown import READABLE


@dataclass(frozen=True, slots=True)
class Effects:
    """All that a filter may do to an event, whatever the event holds."""

    names: tuple[Name, ...]
    """The fields it may set or remove, and tags as ``("tags", NAME)``; parts may be patterns."""
    one_to_one: bool = True
    """True if each event comes out, and no other one with it."""


def effects_of(plugin: nodes.Plugin, context: Context) -> Effects:
    """Return what a filter may do, by its options.

    Its common options are among it: they are carried out where it succeeds.
    """
    return effects(configured(plugin, context), attributes.values(plugin), context)


def effects(subject: Filter | Described, values: Mapping[str, Any], context: Context) -> Effects:
    """Return what a filter may do.

    Args:
        subject: The filter with its options.
        values: The options as they are written.
        context: Gives the patterns of grok and the ECS compatibility.
    """
    try:
        names = [*_changes(subject, context)]
    except (OptionError, UnknownFile, FieldError):
        names = [ANY]
    if isinstance(subject, Filter):
        tags, parses = subject.failure_tags, subject.parses
    else:
        tags, parses = tuple(subject.tags()), False
    names += (write.field for write in added(values))
    names += names_of(values.get("remove_field"))
    marks = (*tags, *texts(values.get("add_tag")), *texts(values.get("remove_tag")))
    names += (("tags", pattern_of(tag)) for tag in marks)
    names += [READABLE] if parses else []
    return Effects(tuple(dict.fromkeys(names)), subject.one_to_one)


def _changes(subject: Filter | Described, context: Context) -> Iterator[Name]:
    if isinstance(subject, Filter):
        yield from subject.changes(context)
    else:
        yield from (write.field for write in subject.writes())
