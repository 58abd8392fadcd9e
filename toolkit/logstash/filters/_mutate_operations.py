"""The operations of the `mutate` filter: each returns what is done to an event."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from toolkit.logstash.event import ruby
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.ruby import RubyError
from toolkit.logstash.event.sprintf import Template
from toolkit.logstash.event.sprintf import compile as compile_template
from toolkit.logstash.event.values import Value, copy
from toolkit.logstash.filters._expressions import expression
from toolkit.logstash.filters._mutate_convert import Converter

Step: TypeAlias = Callable[[Event], None]


def _template(value: Value) -> Template:
    """Compile an option's value as a template; a number or array is printed as Ruby does."""
    return compile_template(ruby.to_s(value))


def _string(value: Value) -> str:
    """Refuse an option's value of another kind, where the plugin stumbles over it."""
    if isinstance(value, str):
        return value
    raise RubyError(f"no implicit conversion of {ruby.to_s(value)} into String")


def coerces(name: str, text: Value) -> Step:
    """Fill a field that is there and null."""
    fill = _template(text)

    def step(event: Event) -> None:
        if event.includes(name) and event.get(name) is None:
            event.set(name, fill(event))

    return step


def renames(old: str, new: Value) -> Step:
    """Move a value; it is lost where the new place cannot take it."""
    source, target = _template(old), _template(new)

    def step(event: Event) -> None:
        name, renamed = source(event), target(event)
        if event.includes(name):
            event.set(renamed, event.remove(name))

    return step


def updates(name: str, text: Value) -> Step:
    """Replace the value of a field that is there."""
    fill = _template(text)

    def step(event: Event) -> None:
        if event.includes(name):
            event.set(name, fill(event))

    return step


def replaces(name: str, text: Value) -> Step:
    """Set a field."""
    fill = _template(text)
    return lambda event: event.set(name, fill(event))


def converts(name: str, convert: Converter) -> Step:
    """Change the type of a value, or of each element of an array; leave hashes and nulls."""

    def step(event: Event) -> None:
        value = event.get(name)
        if isinstance(value, list):
            event.set(name, [item if item is None else convert(item) for item in value])
        elif value is not None and not isinstance(value, dict):
            event.set(name, convert(value))

    return step


def substitutes(name: Value, needle: str, replacement: Value) -> Step:
    """Replace matches in a string or in the strings of an array.

    Args:
        name: The field.
        needle: A regular expression, which may refer to fields.
        replacement: The replacement, which may refer to fields and groups.
    """
    find, new = expression(needle, interpolate=True), _template(replacement)

    def step(event: Event) -> None:
        def replace(item: Value) -> Value:
            if not isinstance(item, str):
                return item
            return ruby.gsub(item, find(event), new(event))

        value = event.get(_string(name))
        if isinstance(value, list):
            event.set(_string(name), [replace(item) for item in value])
        elif isinstance(value, str):
            event.set(_string(name), replace(value))

    return step


def changes_case(name: str, method: Callable[[str], str]) -> Step:
    """Apply ``method`` to a string, or to the strings of an array."""

    def change(value: Value) -> Value:
        return method(value) if isinstance(value, str) else value

    def step(event: Event) -> None:
        value = event.get(name)
        if value is not None:
            event.set(name, [*map(change, value)] if isinstance(value, list) else change(value))

    return step


def strips(name: str) -> Step:
    """Take blanks off a string, or off each element of an array."""

    def step(event: Event) -> None:
        value = event.get(name)
        if isinstance(value, list):
            event.set(name, [ruby.strip(_string(item)) for item in value])
        elif isinstance(value, str):
            event.set(name, ruby.strip(value))

    return step


def splits(name: str, separator: Value) -> Step:
    """Cut a string into an array."""

    def step(event: Event) -> None:
        value = event.get(name)
        if isinstance(value, str):
            event.set(name, ruby.split(value, _string(separator)))

    return step


def joins(name: str, separator: Value) -> Step:
    """Make a string of an array."""

    def step(event: Event) -> None:
        value = event.get(name)
        if isinstance(value, list):
            event.set(name, ruby.join(value, _string(separator)) if value else "")

    return step


def merges(name: str, added: Value) -> Step:
    """Put fields into one; a destination that is no list ends with the last of several."""
    sources = ruby.array(added)

    def step(event: Event) -> None:
        held = event.get(name)
        for source in sources:
            value = copy(event.get(_string(source)))
            if isinstance(held, dict) and isinstance(value, dict):
                held = {**held, **value}
                event.set(name, held)
            elif not isinstance(held, dict) and not isinstance(value, dict):
                merged = ruby.array(held) + ruby.array(value)
                event.set(name, merged)
                held = merged if isinstance(held, list) else held

    return step


def copies(source: str, target: Value) -> Step:
    """Set another field to a value that is there and not null."""

    def step(event: Event) -> None:
        value = event.get(source)
        if value is not None:
            event.set(_string(target), copy(value))

    return step
