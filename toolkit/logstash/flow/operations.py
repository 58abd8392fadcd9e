"""The effects of a plugin on fields, whether it is emulated or described."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.logstash.config import attributes, nodes
from toolkit.logstash.fields import FieldOperation, Removal, Write, names_of, read_by
from toolkit.logstash.filters import Context, Filter, filter_class
from toolkit.logstash.options import read
from toolkit.logstash.plugins import Described


def operations(
    plugin: nodes.Plugin,
    subject: Filter | Described,
    context: Context | None,
    stand_in: Mapping[str, Any] | None,
) -> Iterator[FieldOperation]:
    """Yield the writes and removals of a filter, in their order.

    Args:
        plugin: The filter, as it is written.
        subject: The filter with its options, from `configured`.
        context: Gives the patterns of grok and the ECS compatibility.
        stand_in: The fields that it is assumed to set.
    """
    values = attributes.values(plugin)
    if stand_in is not None:
        yield from map(Write, names_of(list(stand_in)))
    elif isinstance(subject, Filter):
        yield from subject.writes(context)
    else:
        yield from subject.writes()
    yield from added(values)
    yield from _failed(subject)
    for index, tag in enumerate(texts(values.get("add_tag"))):
        reads, place = read_by(tag), ("add_tag", (index,))
        yield Write(("tags",), reads, "add_tag", *place, text=tag, certain=False, afterwards=True)
    yield from map(Removal, names_of(values.get("remove_field")))


def brought(plugin: nodes.Plugin) -> Iterator[Write]:
    """Yield the writes of an input: its own, those of its codec and of its common options."""
    values = attributes.values(plugin)
    yield from Described("input", plugin.name, values).writes()
    for each in plugin.attributes:
        if each.name == "codec":
            codec = each.value
            given = attributes.values(codec) if isinstance(codec, nodes.Plugin) else {}
            yield from Described("codec", str(values["codec"]), given).writes()
    yield from (Write((name,)) for name in ("type", "tags") if name in values)


def configured(plugin: nodes.Plugin, context: Context | None) -> Filter | Described:
    """A filter with its options, as far as they can be read."""
    values, found = attributes.values(plugin), filter_class(plugin.name)
    subject = read(found, values)[0] if found else None
    ecs = context.ecs_compatibility if context else None
    return subject or Described("filter", plugin.name, values, ecs)


def added(values: Mapping[str, Any]) -> Iterator[Write]:
    """Yield the fields that the option ``add_field`` adds."""
    for key, value in _pairs(values.get("add_field")):
        for name in names_of(key):
            yield Write(
                name,
                read_by(key, value),
                action="add_field",
                option="add_field",
                path=(key,),
                text=f"{key} => {value}",
                form="text",
                certain=False,
                afterwards=True,
            )


def _failed(subject: Filter | Described) -> Iterator[Write]:
    """The tags that a filter sets for want of success."""
    if isinstance(subject, Filter):
        tags, reads = subject.failure_tags, names_of(*subject.sources)
    else:
        tags, reads = tuple(subject.tags()), ()
    for tag in tags:
        yield Write(("tags",), reads, "tag_on_failure", text=tag, certain=False)


def texts(value: Any) -> list[str]:
    """The texts of an option that takes one or a list of them."""
    listed = value if isinstance(value, list) else [value]
    return [each for each in listed if isinstance(each, str)]


def _pairs(value: Any) -> Iterator[tuple[str, Any]]:
    """The entries of a hash, or of an array in place of one."""
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from ((str(k), each) for k, each in zip(value[::2], value[1::2], strict=False))
