"""String interpolation, Logstash's ``sprintf``.

==================  ===========================================================
``%{field}``        the value's text; stays as it is for a missing or null field
``%{+FORMAT}``      ``@timestamp`` by a Joda-Time format, in UTC
``%{{FORMAT}}``     ``@timestamp`` by a java.time format, in UTC
``%{{TIME_NOW}}``   the time of the call
``%{+%s}``          ``@timestamp`` in whole seconds (so do ``%{+%``, ``%{+}``, ``%{}``)
==================  ===========================================================

References do not nest: the first ``}`` ends one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Protocol, TypeAlias

from toolkit.languages import joda_time
from toolkit.languages.java_time.printing import format_java
from toolkit.logstash.event.fieldref import FieldError
from toolkit.logstash.event.values import Timestamp, Value, to_text


class Readable(Protocol):
    """The part of an event that a template reads."""

    def get(self, reference: str) -> Value:
        """Return the value, or None."""
        ...

    @property
    def timestamp(self) -> Timestamp | None:
        """The event's ``@timestamp``."""
        ...

    @property
    def now(self) -> Timestamp:
        """The time by the clock of the pipeline the event is in."""
        ...


Template: TypeAlias = Callable[[Readable], str]


@lru_cache(maxsize=16_384)
def compile(template: str) -> Template:  # noqa: A001
    """Compile a template once; what comes back fills it from an event.

    Filling raises `FieldError` for a format that Java refuses and for an illegal reference.
    """
    parts = tuple(_parts(template))
    match parts:
        case ():
            return lambda event: ""
        case (str(text),):
            return lambda event: text
        case (part,) if not isinstance(part, str):
            return part
        case _:
            return lambda event: "".join(
                part if isinstance(part, str) else part(event) for part in parts
            )


def references(template: str) -> list[tuple[str, int, int]]:
    """List the references of a template: text between the braces, start and end.

    >>> references("a %{b} %{+yyyy}")
    [('b', 2, 6), ('+yyyy', 7, 15)]
    """
    return [
        (template[start + 2 : end - 1], start, end)
        for start, end, reference in _spans(template)
        if reference
    ]


def _parts(template: str) -> Iterator[str | Template]:
    for start, end, reference in _spans(template):
        text = template[start:end]
        yield _reference(text) if reference else text


def _spans(template: str) -> Iterator[tuple[int, int, bool]]:
    """Cut a template into literal text and references."""
    position = 0
    while (start := template.find("%{", position)) >= 0:
        brace = template.find("}", start)
        if brace < 0:
            break
        if template.startswith("{", start + 2) and template.startswith("}", brace + 1):
            brace += 1
        if position < start:
            yield position, start, False
        position = brace + 1
        yield start, position, True
    if position < len(template):
        yield position, len(template), False


def _reference(text: str) -> Template:
    inner = text[2:-1]
    if "+%s".startswith(inner):
        return _seconds
    if inner == "{TIME_NOW}":
        return _now
    if inner.startswith("{") and inner.endswith("}"):
        return _formatted(inner[1:-1], format_java)
    if inner.startswith("+"):
        return _formatted(inner[1:], joda_time.format_joda)
    return _field(inner, text)


def _field(reference: str, text: str) -> Template:
    def fill(event: Readable) -> str:
        value = event.get(reference)
        return text if value is None else to_text(value)

    return fill


def _seconds(event: Readable) -> str:
    moment = event.timestamp
    return "" if moment is None else str(moment.nanoseconds // 1_000_000_000)


def _now(event: Readable) -> str:
    return str(event.now)


def _formatted(pattern: str, print_time: Callable[[str, int], str]) -> Template:
    def fill(event: Readable) -> str:
        moment = event.timestamp
        if moment is None:
            return ""
        try:
            return print_time(pattern, moment.nanoseconds)
        except joda_time.FormatError as error:
            raise FieldError(str(error)) from error

    return fill
