"""The `prune` filter: keep or remove fields by expressions for their names and values.

Emulates logstash-filter-prune 3.0.4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeAlias

from toolkit.languages.ruby_regex import Regex
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.ruby import RubyError, to_s
from toolkit.logstash.event.sprintf import compile as compile_template
from toolkit.logstash.fields import ANY, FieldOperation, Name
from toolkit.logstash.filters import Apply, Context, Filter, PipelineDied
from toolkit.logstash.filters._expressions import Expression, expression, regex_faults
from toolkit.logstash.options import Hash, OptionFault, Strings, refuse

_Removal: TypeAlias = tuple[str, list[Any] | None]
"""A field, and the elements of its array to remove: None for all of it."""
_Step: TypeAlias = Callable[[Event], Iterator[_Removal]]


@dataclass(frozen=True, kw_only=True)
class Prune(Filter):
    """Remove top-level fields that a white list leaves out or a black list names.

    The lists of values filter the elements of arrays; a value that is neither a string nor an
    array of strings ends the pipeline. With ``interpolate``, names and expressions may refer
    to fields.
    """

    plugin: ClassVar[str] = "prune"
    emulates: ClassVar[str] = "3.0.4"

    interpolate: bool = False
    whitelist_names: Strings = ()
    blacklist_names: Strings = (r"%\{[^}]+\}",)
    whitelist_values: Hash = field(default_factory=dict)
    blacklist_values: Hash = field(default_factory=dict)

    def writes(self, context: Context | None = None) -> Iterator[FieldOperation]:
        yield from ()

    def changes(self, context: Context | None = None) -> Iterator[Name]:
        yield ANY

    def register(self, context: Context) -> Apply:
        refuse(*self._faults())
        steps = [*self._steps()]

        def apply(event: Event) -> tuple[Event]:
            try:
                removals = [removal for step in steps for removal in step(event)]
            except RubyError as error:
                raise PipelineDied(str(error)) from error
            _remove(event, removals)
            self.decorate(event)
            return (event,)

        return apply

    def _faults(self) -> Iterator[OptionFault]:
        for option in ("whitelist_names", "blacklist_names"):
            for index, pattern in enumerate(getattr(self, option)):
                yield from self._regex_faults(option, index, pattern)
        for option in ("whitelist_values", "blacklist_values"):
            for name, pattern in getattr(self, option).items():
                yield from self._regex_faults(option, name, to_s(pattern))

    def _regex_faults(self, option: str, place: str | int, text: str) -> Iterator[OptionFault]:
        if not (self.interpolate and "%{" in text):
            yield from regex_faults(option, (place,), text)

    def _steps(self) -> Iterator[_Step]:
        if self.whitelist_names:
            yield _prunes_names(self._expressions(self.whitelist_names), found=False)
        yield _prunes_names(self._expressions(self.blacklist_names), found=True)
        yield from self._prune_values(self.whitelist_values, found=False)
        yield from self._prune_values(self.blacklist_values, found=True)

    def _expressions(self, patterns: Strings) -> list[Expression]:
        return [expression(pattern, interpolate=self.interpolate) for pattern in patterns]

    def _prune_values(self, values: Mapping[str, Any], *, found: bool) -> Iterator[_Step]:
        for name, pattern in values.items():
            regex = expression(to_s(pattern), interpolate=self.interpolate)
            template = compile_template(name) if self.interpolate else _always(name)
            yield _prunes_value(template, regex, found=found)


def _always(name: str) -> Callable[[Event], str]:
    return lambda event: name


def _prunes_names(expressions: list[Expression], *, found: bool) -> _Step:
    """Name the fields for which it holds that an expression is ``found`` in their names."""

    def step(event: Event) -> Iterator[_Removal]:
        regexes = [regex(event) for regex in expressions]
        for name in event.names():
            if any(regex.search(name) for regex in regexes) is found:
                yield name, None

    return step


def _prunes_value(name: Callable[[Event], str], regex: Expression, *, found: bool) -> _Step:
    """Name the field, or elements of its array, if the expression is ``found`` there."""

    def step(event: Event) -> Iterator[_Removal]:
        field_name, compiled = name(event), regex(event)
        value = event.fields.get(field_name)
        if value is None or value is False:
            return
        if not isinstance(value, list):
            if _matches(compiled, value) is found:
                yield field_name, None
        elif removed := [item for item in value if _matches(compiled, item) is found]:
            yield field_name, None if len(removed) == len(value) else removed

    return step


def _matches(regex: Regex, value: Any) -> bool:
    if not isinstance(value, str):
        raise RubyError(f"undefined method `match' for {to_s(value)}")
    return regex.search(value) is not None


def _remove(event: Event, removals: list[_Removal]) -> None:
    """Carry the removals out; elements are taken from the array as it was at first."""
    before = dict(event.fields)
    for name, items in removals:
        if items is None:
            before.pop(name, None)
            event.remove(name)
        elif name not in before:
            raise PipelineDied("undefined method `-' for nil")
        else:
            event.set(name, [item for item in before[name] if item not in items])
