"""The `mutate` filter: rename, replace, convert and otherwise change fields.

Emulates logstash-filter-mutate 3.5.8, and the conversions of 3.6.0 where the release asks
for them. The operations run in a fixed order, whatever the order in the configuration; the
first that fails ends them all, the common options included, and tags the event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeAlias

from toolkit.logstash import ruby
from toolkit.logstash.event import Event, FieldError
from toolkit.logstash.expressions import expression, regex_faults
from toolkit.logstash.filters import Apply, Context, Filter
from toolkit.logstash.filters._mutate_convert import TYPES, Converter, converter
from toolkit.logstash.options import Array, Hash, OptionError, OptionFault, Strings
from toolkit.logstash.ruby import RubyError
from toolkit.logstash.sprintf import Template
from toolkit.logstash.sprintf import compile as compile_template
from toolkit.logstash.values import Value, copy

__all__ = ["Mutate"]

_Step: TypeAlias = Callable[[Event], None]


@dataclass(frozen=True, kw_only=True)
class Mutate(Filter):
    """Change fields in place; options of the form ``hash`` run in Java's order of the names."""

    plugin: ClassVar[str] = "mutate"
    emulates: ClassVar[str] = "3.5.8"

    coerce: Hash = field(default_factory=dict)
    rename: Hash = field(default_factory=dict)
    update: Hash = field(default_factory=dict)
    replace: Hash = field(default_factory=dict)
    convert: Hash = field(default_factory=dict)
    gsub: Array = ()
    uppercase: Strings = ()
    capitalize: Strings = ()
    lowercase: Strings = ()
    strip: Strings = ()
    split: Hash = field(default_factory=dict)
    join: Hash = field(default_factory=dict)
    merge: Hash = field(default_factory=dict)
    copy: Hash = field(default_factory=dict)
    tag_on_failure: str = "_mutate_error"

    def register(self, context: Context) -> Apply:
        faults = [*_convert_faults(self.convert), *_gsub_faults(self.gsub)]
        if faults:
            raise OptionError(*faults)
        steps = [*self._steps(context.plugin_versions)]

        def apply(event: Event) -> tuple[Event]:
            try:
                for step in steps:
                    step(event)
                self.decorate(event)
            except (FieldError, RubyError):
                event.tag(self.tag_on_failure)
            return (event,)

        return apply

    def _steps(self, release: str) -> Iterator[_Step]:
        """Each operation on each field, in the order in which they run."""
        yield from (_coerces(name, _template(text)) for name, text in self.coerce.items())
        yield from (_renames(_template(old), _template(new)) for old, new in self.rename.items())
        yield from (_updates(name, _template(text)) for name, text in self.update.items())
        yield from (_replaces(name, _template(text)) for name, text in self.replace.items())
        yield from (_converts(name, converter(to, release)) for name, to in self.convert.items())
        yield from (_substitutes(*triple) for triple in _triples(self.gsub))
        for names, method in (
            (self.uppercase, ruby.upcase),
            (self.capitalize, ruby.capitalize),
            (self.lowercase, ruby.downcase),
        ):
            yield from (_changes_case(name, method) for name in names)
        yield from map(_strips, self.strip)
        yield from (_splits(name, separator) for name, separator in self.split.items())
        yield from (_joins(name, separator) for name, separator in self.join.items())
        yield from (_merges(into, ruby.array(added)) for into, added in self.merge.items())
        yield from (_copies(source, target) for source, target in self.copy.items())


def _template(value: Value) -> Template:
    return compile_template(ruby.to_s(value))


def _string(value: Value) -> str:
    """Refuse an option's value of another kind, where the plugin stumbles over it."""
    if isinstance(value, str):
        return value
    raise RubyError(f"no implicit conversion of {ruby.to_s(value)} into String")


def _coerces(name: str, text: Template) -> _Step:
    def step(event: Event) -> None:
        if event.includes(name) and event.get(name) is None:
            event.set(name, text(event))

    return step


def _renames(old: Template, new: Template) -> _Step:
    def step(event: Event) -> None:
        source, target = old(event), new(event)
        if event.includes(source):
            event.set(target, event.remove(source))

    return step


def _updates(name: str, text: Template) -> _Step:
    def step(event: Event) -> None:
        if event.includes(name):
            event.set(name, text(event))

    return step


def _replaces(name: str, text: Template) -> _Step:
    return lambda event: event.set(name, text(event))


def _converts(name: str, convert: Converter) -> _Step:
    def step(event: Event) -> None:
        value = event.get(name)
        if isinstance(value, list):
            event.set(name, [item if item is None else convert(item) for item in value])
        elif value is not None and not isinstance(value, dict):
            event.set(name, convert(value))

    return step


def _triples(gsub: Array) -> Iterator[tuple[Any, str, Any]]:
    return zip(*[iter(gsub)] * 3, strict=True)


def _substitutes(name: Value, needle: str, replacement: Value) -> _Step:
    find, template = expression(needle, interpolate=True), _template(replacement)

    def step(event: Event) -> None:
        def replace(item: Value) -> Value:
            if not isinstance(item, str):
                return item
            return ruby.gsub(item, find(event), template(event))

        value = event.get(_string(name))
        if isinstance(value, list):
            event.set(_string(name), [replace(item) for item in value])
        elif isinstance(value, str):
            event.set(_string(name), replace(value))

    return step


def _changes_case(name: str, method: Callable[[str], str]) -> _Step:
    def change(value: Value) -> Value:
        return method(value) if isinstance(value, str) else value

    def step(event: Event) -> None:
        value = event.get(name)
        if value is not None:
            event.set(name, [*map(change, value)] if isinstance(value, list) else change(value))

    return step


def _strips(name: str) -> _Step:
    def step(event: Event) -> None:
        value = event.get(name)
        if isinstance(value, list):
            event.set(name, [ruby.strip(_string(item)) for item in value])
        elif isinstance(value, str):
            event.set(name, ruby.strip(value))

    return step


def _splits(name: str, separator: Value) -> _Step:
    def step(event: Event) -> None:
        value = event.get(name)
        if isinstance(value, str):
            event.set(name, ruby.split(value, _string(separator)))

    return step


def _joins(name: str, separator: Value) -> _Step:
    def step(event: Event) -> None:
        value = event.get(name)
        if isinstance(value, list):
            event.set(name, ruby.join(value, _string(separator)) if value else "")

    return step


def _merges(name: str, added: list[Any]) -> _Step:
    """Put fields into one; a destination that is no list ends with the last of several."""

    def step(event: Event) -> None:
        held = event.get(name)
        for source in added:
            value = copy(event.get(_string(source)))
            if isinstance(held, dict) and isinstance(value, dict):
                held = {**held, **value}
                event.set(name, held)
            elif not isinstance(held, dict) and not isinstance(value, dict):
                merged = ruby.array(held) + ruby.array(value)
                event.set(name, merged)
                held = merged if isinstance(held, list) else held

    return step


def _copies(source: str, target: Value) -> _Step:
    def step(event: Event) -> None:
        value = event.get(source)
        if value is not None:
            event.set(_string(target), copy(value))

    return step


def _convert_faults(convert: Mapping[str, Any]) -> Iterator[OptionFault]:
    for name, kind in convert.items():
        if kind not in TYPES:
            text = ruby.to_s(kind)
            yield OptionFault(
                what=f"`{text}` is no type that mutate converts to",
                option="convert",
                why="Logstash does not start with it, though `--config.test_and_exit` accepts it",
                fix=f"write one of {', '.join(TYPES)}",
                path=(name,),
                kind="convert-type",
                logstash=(
                    f"Invalid conversion type '{text}', expected one of '{','.join(TYPES)}'"
                ),
            )


def _gsub_faults(gsub: Array) -> Iterator[OptionFault]:
    if len(gsub) % 3:
        yield OptionFault(
            what=f"gsub takes fields, needles and replacements by threes, not {len(gsub)} items",
            option="gsub",
            why="Logstash does not start with an incomplete one",
            fix='write `gsub => ["field", "needle", "replacement", …]`',
            kind="gsub-count",
            logstash=f"Invalid gsub configuration {ruby.to_s(_incomplete(gsub))}. gsub requires "
            "3 non-nil elements per config entry",
        )
    for index, needle in list(enumerate(gsub))[1::3]:
        yield from _needle_faults(needle, index)


def _incomplete(gsub: Array) -> list[Any]:
    rest = list(gsub[len(gsub) // 3 * 3 :])
    return rest + [None] * (3 - len(rest))


def _needle_faults(needle: Any, index: int) -> Iterator[OptionFault]:
    if not isinstance(needle, str):
        yield OptionFault(
            what=f"the needle of gsub is no string: `{ruby.to_s(needle)}`",
            option="gsub",
            why="Logstash does not start with it",
            fix="put it in quotes",
            path=(index,),
            kind="gsub-needle",
        )
    elif "%{" not in needle:
        yield from regex_faults("gsub", (index,), needle)
