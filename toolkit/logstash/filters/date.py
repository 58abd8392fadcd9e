"""The `date` filter: a text or number becomes a timestamp.

Emulates logstash-filter-date 3.1.15 with Joda-Time 2.12.7. The locale of the machine is
taken to be English.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, TypeAlias

from toolkit.languages import joda_time
from toolkit.languages.joda_time import FormatError, Zone, ZoneError, find_zone
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.fieldref import FieldError
from toolkit.logstash.event.sprintf import compile as compile_template
from toolkit.logstash.event.values import Timestamp, Value
from toolkit.logstash.fields import FieldOperation, Write, names_of
from toolkit.logstash.filters import Apply, Context, Filter, PipelineDied
from toolkit.logstash.options import OptionFault, OptionTexts, Strings, refuse

_Parse: TypeAlias = Callable[[Value, Event], int]
"""Reads milliseconds since 1970; `ValueError` if the value is no date of this format."""
_FindZone: TypeAlias = Callable[[Event], Zone]

_fault = OptionTexts(__package__)
_NUMBERS = (str, int, float, Decimal)
_EPOCHS: Mapping[str, tuple[Callable[[Any], int], tuple[type, ...]]] = {
    "UNIX": (joda_time.unix, _NUMBERS),
    "UNIX_MS": (joda_time.unix_ms, _NUMBERS),
    "TAI64N": (joda_time.tai64n, (str,)),
}


@dataclass(frozen=True, kw_only=True)
class Date(Filter):
    """Read a field by the first format that fits, and store the instant.

    A field that is missing or null changes nothing; one that no format fits gets the event
    tagged.
    """

    plugin: ClassVar[str] = "date"
    emulates: ClassVar[str] = "3.1.15"
    parses: ClassVar[bool] = True

    timezone: str | None = None
    locale: str | None = None
    match: Strings = ()
    target: str = "@timestamp"
    tag_on_failure: Strings = ("_dateparsefailure",)

    @property
    def sources(self) -> tuple[str, ...]:
        return self.match[:1]

    def writes(self, context: Context | None = None) -> Iterator[FieldOperation]:
        for name in names_of(self.target):
            yield Write(name, names_of(*self.match[:1]), text=", ".join(self.match[1:]))

    def register(self, context: Context) -> Apply:
        refuse(*self._faults(context))
        source = self.match[0]
        parsers = [self._parser(pattern, context) for pattern in self.match[1:]]

        def apply(event: Event) -> tuple[Event]:
            try:
                value = event.get(source)
                if value is None or event.cancelled:
                    return (event,)
                milliseconds = _first(parsers, value, event)
                if milliseconds is not None:
                    event.set(self.target, Timestamp(milliseconds * 1_000_000))
            except (FieldError, IndexError) as error:
                raise PipelineDied(f"date: {error}") from error
            if milliseconds is not None:
                self.decorate(event)
            else:
                self.fail(event, self.tag_on_failure)
            return (event,)

        return apply

    def _parser(self, pattern: str, context: Context) -> _Parse:
        if pattern in _EPOCHS:
            read_epoch, types = _EPOCHS[pattern]
            return lambda value, event: read_epoch(_one_of(types, value))
        iso = pattern == "ISO8601"
        read = joda_time.iso8601 if iso else self._format(pattern, context).milliseconds
        zone = self._zone(context)
        return lambda value, event: read(_one_of((str,), value), zone(event))

    def _format(self, pattern: str, context: Context) -> joda_time.JodaFormat:
        return joda_time.JodaFormat(
            pattern,
            locale=(self.locale or "en").replace("_", "-"),
            now=context.clock,
            home=find_zone(context.timezone.key),
        )

    def _zone(self, context: Context) -> _FindZone:
        """The zone of texts that name none; `ZoneError` for an unknown name."""
        if self.timezone and "%{" in self.timezone:
            template = compile_template(self.timezone)
            return lambda event: find_zone(template(event))
        zone = find_zone(context.timezone.key if self.timezone is None else self.timezone)
        return lambda event: zone

    def _faults(self, context: Context) -> Iterator[OptionFault]:
        if len(self.match) < 2:
            shown = ", ".join(f'"{item}"' for item in self.match)
            yield _fault("date-match", count=len(self.match), match=f"[{shown}]")
        zone_fault = None
        for index, pattern in enumerate(self.match[1:], start=1):
            try:
                self._parser(pattern, context)
            except FormatError as error:
                place = (index,), error.start, error.end
                yield _fault("date-format", *place, format=pattern, reason=error)
            except ZoneError as error:
                zone_fault = _fault("date-zone", zone=self.timezone, reason=error)
        if zone_fault:
            yield zone_fault


def _first(parsers: list[_Parse], value: Value, event: Event) -> int | None:
    for parse in parsers:
        try:
            return parse(value, event)
        except ValueError:
            continue
    return None


def _one_of(types: tuple[type, ...], value: Value) -> Any:
    if isinstance(value, types) and not isinstance(value, bool):
        return value
    raise ValueError(f"a {type(value).__name__} is not read as a date of this format")
