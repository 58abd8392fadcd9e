"""The `mutate` filter: rename, replace, convert and otherwise change fields.

Emulates logstash-filter-mutate 3.5.8, and the conversions of 3.6.0 where the release asks
for them. The operations run in a fixed order, whatever the order in the configuration; the
first that fails ends them all, the common options included, and tags the event.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import starmap
from typing import Any, ClassVar

from toolkit.logstash.event import ruby
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.fieldref import FieldError
from toolkit.logstash.event.ruby import RubyError
from toolkit.logstash.fields import (
    FieldOperation,
    Form,
    Removal,
    Write,
    in_place,
    names_of,
    read_by,
)
from toolkit.logstash.filters import Apply, Context, Filter
from toolkit.logstash.filters import _mutate_operations as operations
from toolkit.logstash.filters._expressions import regex_faults
from toolkit.logstash.filters._mutate_convert import TYPES, converter
from toolkit.logstash.filters._mutate_operations import Step
from toolkit.logstash.options import Array, Hash, OptionFault, OptionTexts, Strings, refuse

_fault = OptionTexts(__package__)
_FORMS: Mapping[Any, Form] = {
    **dict.fromkeys(("integer", "integer_eu", "float", "float_eu"), "number"),
    "string": "text",
    "boolean": "other",
}


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

    def writes(self, context: Context | None = None) -> Iterator[FieldOperation]:
        """In the order in which the operations run."""
        yield from _changes("coerce", self.coerce)
        yield from _moves("rename", self.rename)
        yield from _sets("update", self.update)
        yield from _sets("replace", self.replace)
        yield from _changes("convert", self.convert, forms=_FORMS)
        for index, reference in enumerate(self.gsub[::3]):
            for name in names_of(reference):
                yield in_place(name, "gsub", 3 * index, text=reference)
        for option in ("uppercase", "capitalize", "lowercase", "strip"):
            for index, reference in enumerate(getattr(self, option)):
                for name in names_of(reference):
                    yield in_place(name, option, index, text=reference)
        yield from _changes("split", self.split, form="other")
        yield from _changes("join", self.join, form="text")
        yield from _merges(self.merge)
        yield from _moves("copy", self.copy)

    def register(self, context: Context) -> Apply:
        refuse(*_convert_faults(self.convert), *_gsub_faults(self.gsub))
        steps = [*self._steps(context.plugin_versions)]

        def apply(event: Event) -> tuple[Event]:
            try:
                for step in steps:
                    step(event)
                self.decorate(event)
            except (FieldError, RubyError):
                self.fail(event, [self.tag_on_failure])
            return (event,)

        return apply

    def _steps(self, release: str) -> Iterator[Step]:
        """Each operation on each field, in the order in which they run."""
        yield from starmap(operations.coerces, self.coerce.items())
        yield from starmap(operations.renames, self.rename.items())
        yield from starmap(operations.updates, self.update.items())
        yield from starmap(operations.replaces, self.replace.items())
        for name, kind in self.convert.items():
            yield operations.converts(name, converter(kind, release))
        yield from starmap(operations.substitutes, _triples(self.gsub))
        yield from (operations.changes_case(name, ruby.upcase) for name in self.uppercase)
        yield from (operations.changes_case(name, ruby.capitalize) for name in self.capitalize)
        yield from (operations.changes_case(name, ruby.downcase) for name in self.lowercase)
        yield from map(operations.strips, self.strip)
        yield from starmap(operations.splits, self.split.items())
        yield from starmap(operations.joins, self.join.items())
        yield from starmap(operations.merges, self.merge.items())
        yield from starmap(operations.copies, self.copy.items())


def _sets(option: str, templates: Mapping[str, Any]) -> Iterator[Write]:
    for reference, value in templates.items():
        for name in names_of(reference):
            yield Write(
                name,
                read_by(value),
                action=option,
                option=option,
                path=(reference,),
                text=f"{reference} => {value}",
                form="text",
                afterwards=True,
            )


def _moves(option: str, fields: Mapping[str, Any]) -> Iterator[FieldOperation]:
    for reference, target in fields.items():
        for name in names_of(target):
            yield Write(
                name,
                (*names_of(reference), *read_by(reference, target)),
                action=option,
                option=option,
                path=(reference,),
                text=f"{reference} => {target}",
                form="same",
                afterwards=True,
            )
        if option == "rename":
            yield from map(Removal, names_of(reference))


def _changes(
    option: str, fields: Mapping[str, Any], *, form: Form = "same", forms: Mapping[Any, Form] = {}
) -> Iterator[Write]:
    for reference, value in fields.items():
        for name in names_of(reference):
            text = f"{reference} => {value}"
            yield in_place(name, option, reference, text=text, form=forms.get(value, form))


def _merges(merge: Mapping[str, Any]) -> Iterator[Write]:
    for reference, value in merge.items():
        for name in names_of(reference):
            text = f"{reference} => {value}"
            write = in_place(name, "merge", reference, text=text, form="other")
            yield replace(write, reads=(name, *names_of(value)))


def _triples(gsub: Array) -> Iterator[tuple[Any, str, Any]]:
    return zip(*[iter(gsub)] * 3, strict=True)


def _convert_faults(convert: Mapping[str, Any]) -> Iterator[OptionFault]:
    for name, kind in convert.items():
        if kind not in TYPES:
            text = ruby.to_s(kind)
            values = {"type": text, "types": ", ".join(TYPES), "listed": ",".join(TYPES)}
            yield _fault("mutate-type", (name,), **values)


def _gsub_faults(gsub: Array) -> Iterator[OptionFault]:
    if len(gsub) % 3:
        incomplete = ruby.to_s(_incomplete(gsub))
        yield _fault("gsub-count", count=len(gsub), incomplete=incomplete)
    for index, needle in list(enumerate(gsub))[1::3]:
        yield from _needle_faults(needle, index)


def _incomplete(gsub: Array) -> list[Any]:
    rest = list(gsub[len(gsub) // 3 * 3 :])
    return rest + [None] * (3 - len(rest))


def _needle_faults(needle: Any, index: int) -> Iterator[OptionFault]:
    if not isinstance(needle, str):
        yield _fault("gsub-needle", (index,), needle=ruby.to_s(needle))
    elif "%{" not in needle:
        yield from regex_faults("gsub", (index,), needle)
