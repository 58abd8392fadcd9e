"""The `dissect` filter: a text cut at known delimiters becomes fields.

Emulates logstash-filter-dissect 1.2.5.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar, TypeAlias

from toolkit.logstash.event import ruby
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.fieldref import FieldError, parse
from toolkit.logstash.event.values import Value, is_unicode, java_text
from toolkit.logstash.fields import ANY, FieldOperation, Name, Write, in_place, names_of
from toolkit.logstash.filters import Apply, Context, Filter
from toolkit.logstash.filters._dissection import Dissection, Kind, MappingError, Part
from toolkit.logstash.options import Hash, OptionFault, OptionTexts, Strings, refuse

_Step: TypeAlias = "Callable[[Event], None]"
_fault = OptionTexts(__package__)
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.(?P<fraction>\d*))?|\.\d+)(?:[eE](?P<exponent>[+-]?\d+))?")
_MAX_SCALE = 2**31 - 1
_MAX_DIGITS = 10_000_000
"""Java's limit is higher; it would take minutes to get there."""
_FAULTS = ("nullvalue", "uncoercible")
_TIMESTAMP = parse("@timestamp")


@dataclass(frozen=True, kw_only=True)
class Dissect(Filter):
    """Cut each field of ``mapping``, store the pieces, then convert by ``convert_datatype``.

    A text without the delimiters leaves the event as it is, but for ``tag_on_failure``; so
    does null or an empty text. A field that is missing is passed over. Conversions run in
    any case: ``_dataconversionnullvalue_FIELD_TYPE`` tags what is missing,
    ``_dataconversionuncoercible_FIELD_TYPE`` what is no number.
    """

    plugin: ClassVar[str] = "dissect"
    emulates: ClassVar[str] = "1.2.5"
    parses: ClassVar[bool] = True

    mapping: Hash = field(default_factory=dict)
    convert_datatype: Hash = field(default_factory=dict)
    tag_on_failure: Strings = ("_dissectfailure",)

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(self.mapping)

    @property
    def failure_tags(self) -> tuple[str, ...]:
        converted = self.convert_datatype.items()
        failed = (_conversion_tag(fault, *each) for each in converted for fault in _FAULTS)
        return (*super().failure_tags, *failed)

    def writes(self, context: Context | None = None) -> Iterator[FieldOperation]:
        for source, mapping in self.mapping.items():
            with suppress(MappingError):
                yield from _cuts(source, ruby.to_s(mapping))
        for reference, kind in self.convert_datatype.items():
            for name in names_of(reference):
                text = f"{reference} => {kind}"
                yield in_place(name, "convert_datatype", reference, text=text, form="number")

    def register(self, context: Context) -> Apply:
        faults: list[OptionFault] = []
        steps = [*self._dissections(faults), *self._conversions(faults)]
        refuse(*faults)

        def apply(event: Event) -> Iterable[Event]:
            try:
                for step in steps:
                    step(event)
            except FieldError:
                self.fail(event, self.tag_on_failure)
            return (event,)

        return apply

    def _dissections(self, faults: list[OptionFault]) -> Iterator[_Step]:
        for name, mapping in self.mapping.items():
            text = ruby.to_s(mapping)
            try:
                if text:
                    yield self._dissects(name, Dissection(text))
            except MappingError as error:
                faults.append(_mapping_fault(name, text, error))

    def _dissects(self, source: str, dissection: Dissection) -> _Step:
        def dissect(event: Event) -> None:
            if not event.includes(source):
                return
            values = dissection.cut(_text(event.get(source)))
            if values is None:
                self.fail(event, self.tag_on_failure, [source])
                return
            for index in dissection.saved:
                _save(event, dissection, index, values)
            self.decorate(event)

        return dissect

    def _conversions(self, faults: list[OptionFault]) -> Iterator[_Step]:
        for name, kind in self.convert_datatype.items():
            text = ruby.to_s(kind)
            if text.upper() in ("INT", "FLOAT"):
                yield self._converts(name, text)
            else:
                faults.append(_fault("dissect-type", (name,), type=text))

    def _converts(self, name: str, kind: str) -> _Step:
        whole = kind.upper() == "INT"

        def convert(event: Event) -> None:
            held = event.get(name)
            number = None if held is None else _decimal(java_text(held))
            if number is None:
                fault = _FAULTS[held is not None]
                self.fail(event, [_conversion_tag(fault, name, kind)], [name])
            elif whole and number.adjusted() > _MAX_DIGITS:
                raise FieldError(f"{number} is too large for an integer")
            else:
                _store(event, name, int(number) if whole else number)

        return convert

    def is_optional(self, text: str) -> bool:
        return True


def _cuts(source: str, mapping: str) -> Iterator[Write]:
    """Each field once; one that is named by another part may be any."""
    dissection, seen = Dissection(mapping), set[Name]()
    for part in (each for each in dissection.parts if each.kind != Kind.SKIPPED):
        for name in (ANY,) if part.kind == Kind.INDIRECT else names_of(part.name):
            start, end = part.span[0] - 2, part.span[1] + 1
            if name not in seen:
                yield Write(
                    name,
                    names_of(source),
                    option="mapping",
                    path=(source,),
                    part=(start, end),
                    text=mapping[start:end],
                    form="text",
                )
            seen.add(name)


def _text(value: Value) -> str:
    """A value as Ruby prints it, bytes that are no UTF-8 replaced as Java does."""
    text = ruby.to_s(value)
    if not is_unicode(text):
        return text.encode(errors="surrogateescape").decode(errors="replace")
    return text


def _save(event: Event, dissection: Dissection, index: int, values: list[str]) -> None:
    part, value = dissection.parts[index], values[index]
    match part.kind:
        case Kind.APPENDED if event.includes(part.name):
            held = event.get(part.name)
            if held is None:
                raise FieldError(f"nothing can be appended to null, which `{part.name}` is")
            _store(event, part.name, f"{java_text(held)}{part.joint}{value}")
        case Kind.INDIRECT:
            if name := _pointed_at(event, dissection.parts, index, values):
                _store(event, name, value)
        case _:
            _store(event, part.name, value)


def _pointed_at(event: Event, parts: tuple[Part, ...], index: int, values: list[str]) -> str:
    """The name an indirect part stores under: a field's value, or another part's."""
    name = parts[index].name
    if event.includes(name):
        return java_text(event.get(name))
    others = (
        value for other, value in enumerate(values) if other != index and parts[other].name == name
    )
    return next(others, "")


def _store(event: Event, reference: str, value: Value) -> None:
    # Being Java, the plugin is not kept from storing a text as the time of the event.
    if parse(reference) == _TIMESTAMP:
        event.timestamp = value
    else:
        event.set(reference, value)


def _conversion_tag(fault: str, name: str, kind: Value) -> str:
    return f"_dataconversion{fault}_{name}_{ruby.to_s(kind)}"


def _decimal(text: str) -> Decimal | None:
    """Read what Java's BigDecimal reads, which knows no negative zero."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    scale = len(match["fraction"] or "") - int(match["exponent"] or 0)
    if abs(scale) > _MAX_SCALE:
        return None
    number = Decimal(text)
    return number if number else number.copy_abs()


def _mapping_fault(name: str, mapping: str, error: MappingError) -> OptionFault:
    values = {"part": mapping[error.start : error.end], "reason": error.message}
    place = (name,), error.start, error.end
    return _fault("dissect-mapping", *place, **values, logstash=error.logstash)
