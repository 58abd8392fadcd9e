"""The options that every filter has, run on an event it succeeded with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from toolkit.logstash.event.event import Event
from toolkit.logstash.event.ruby import array
from toolkit.logstash.event.sprintf import Template
from toolkit.logstash.event.sprintf import compile as compile_template
from toolkit.logstash.event.values import inspect, to_text

Decoration: TypeAlias = Callable[[Event], None]


def decorations(
    add_field: Mapping[str, Any],
    remove_field: Sequence[str],
    add_tag: Sequence[str],
    remove_tag: Sequence[str],
) -> Iterator[Decoration]:
    """Compile the common options into functions of an event, in Logstash's order.

    Args:
        add_field: Templates of values by templates of names; a value may be an array.
        remove_field: Templates of names.
        add_tag: Templates of tags.
        remove_tag: Templates of tags.
    """
    for name, value in add_field.items():
        for text in _texts(value):
            yield _adds_field(compile_template(name), compile_template(text))
    yield from (_removes_field(compile_template(name)) for name in remove_field)
    if add_tag:
        yield _adds_tags([*map(compile_template, add_tag)])
    if remove_tag:
        yield _removes_tags([*map(compile_template, remove_tag)])


def _texts(value: Any) -> list[str]:
    """Each item of an option's value as the template it is taken for."""
    return [inspect(v) if isinstance(v, list | dict) else to_text(v) for v in array(value)]


def _adds_field(name: Template, value: Template) -> Decoration:
    def add(event: Event) -> None:
        reference, text = name(event), value(event)
        if event.includes(reference):
            event.set(reference, [*array(event.get(reference)), text])
        else:
            event.set(reference, text)

    return add


def _removes_field(name: Template) -> Decoration:
    def remove(event: Event) -> None:
        event.discard(name(event))

    return remove


def _adds_tags(tags: Sequence[Template]) -> Decoration:
    def add(event: Event) -> None:
        event.add_tags([tag(event) for tag in tags])

    return add


def _removes_tags(tags: Sequence[Template]) -> Decoration:
    def remove(event: Event) -> None:
        event.remove_tags([tag(event) for tag in tags])

    return remove
