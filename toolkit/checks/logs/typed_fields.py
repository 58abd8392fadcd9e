"""A field comes out of the pipeline as another type than promised, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from toolkit.checks import check
from toolkit.evidence.logs.events import Events, Record, lookup, promised_events
from toolkit.evidence.logs.field_types import DATES, FRACTIONS, WHOLE, is_of_type
from toolkit.findings import Finding, Subject, Unproven
from toolkit.model.expectations.logs import FieldExpectation, LogExpectation


@check(expects=LogExpectation, queries=promised_events)
def typed_fields(expected: LogExpectation, observed: Events) -> Iterator[Finding | Unproven]:
    """Every declared field comes out of some line, and always as its declared type.

    ## Why it matters
    A number that stays text is not refused: Elasticsearch maps it as text, and then answers
    `latency >= 100` by comparing letters, without an error. Averages fail, sums are empty.

    ## How to fix it
    Give the capture its type in the expression (`%{NUMBER:latency_ms:float}`: only `:int` and
    `:float` exist), or convert it with `mutate`.

    ## Reference
    https://www.elastic.co/guide/en/logstash/current/plugins-filters-grok.html#_grok_basics
    """
    for name, field in expected.fields.items():
        if field.coerced and not expected.template:
            yield Unproven(_no_template(name, field))
            continue
        seen, wrong = False, None
        for record, value in _values(observed, name):
            seen = True
            wrong = _wrong(name, field, record, value, observed)
            if wrong is not None:
                yield wrong
                break
        doubts = () if wrong else observed.doubts.about(name)
        yield from map(Unproven, doubts)
        if not seen and not doubts:
            yield from _never(expected, name, field, observed)


def _values(observed: Events, name: str) -> Iterator[tuple[Record, Any]]:
    for record in observed.records:
        for event in record.events:
            for value in lookup(event, name):
                yield record, value


def _wrong(
    name: str, field: FieldExpectation, record: Record, value: Any, observed: Events
) -> Finding | None:
    if field.coerced and isinstance(value, str):
        return None  # `elasticsearch/would-reject` judges the text.
    if not is_of_type(value, field.type):
        return _other_type(name, field, record, value, observed)
    if isinstance(value, int) and field.type in FRACTIONS:
        return _cut(name, field, record, value)
    if value == record.line.text and _others(record, name, value):
        return _both(name, field, record)
    return None


def _no_template(name: str, field: FieldExpectation) -> Finding:
    return Finding(
        what=f"no template coerces `{name}` to {field.type}",
        where=field.declared,
        why="without a mapping, Elasticsearch indexes a number in a text as text",
        fix="name the index template under `template:`, or convert the field in the pipeline.",
    )


def _cut(name: str, field: FieldExpectation, record: Record, value: int) -> Finding | None:
    """Return the lost fraction of a whole number, if the line has it."""
    text = record.line.text
    fraction = re.search(rf"(?<![\w.]){value}\.\d*[1-9]\d*(?![\w.])", text)
    if fraction is None or re.search(rf"(?<![\w.]){value}(?!\.?\w)", text):
        return None
    return Finding(
        what=f"`{name}` is {value}, and the line has {fraction.group()}",
        where=record.line.at(fraction.start(), len(fraction.group())),
        why=f"a whole number has no fraction; {field.declared} declares `{name}: {field.type}`",
        fix=f"capture `{name}` with `:float`, or `mutate {{ convert }}` it to float.",
        breaks=(Subject("field", name),),
    )


def _others(record: Record, name: str, value: Any) -> bool:
    return any(
        value in (found := lookup(event, name)) and len(found) > 1 for event in record.events
    )


def _both(name: str, field: FieldExpectation, record: Record) -> Finding:
    return Finding(
        what=f"`{name}` is an array of the whole line and what was captured from it",
        where=record.line.where,
        why=f"grok adds to a field that is there; {field.declared} declares one `{field.type}`",
        fix=f'let grok replace it: `overwrite => ["{name}"]`.',
        breaks=(Subject("field", name),),
    )


def _other_type(
    name: str, field: FieldExpectation, record: Record, value: Any, observed: Events
) -> Finding:
    shown = f'"{value}"' if isinstance(value, str) else value
    return Finding(
        what=f"`{name}` is {_kind(value)} {shown}, not {field.type}",
        where=record.line.find(value, name),
        why=f"{field.declared} declares `{name}: {field.type}`",
        fix=_advice(name, field, observed),
        breaks=(Subject("field", name),),
    )


def _kind(value: Any) -> str:
    match value:
        case bool():
            return "the boolean"
        case str():
            return "the text"
        case int() | float():
            return "the number"
        case _:
            return "an object"


def _advice(name: str, field: FieldExpectation, observed: Events) -> str:
    if field.type in WHOLE:
        return f"capture `{name}` with `:int`, or `mutate {{ convert }}` it to integer."
    if field.type in FRACTIONS:
        return f"capture `{name}` with `:float`, or `mutate {{ convert }}` it to float."
    if field.type in DATES:
        return f"read `{name}` with a `date` filter whose target it is."
    return f"convert `{name}` in the pipeline, or declare the type it has."


def _never(
    expected: LogExpectation, name: str, field: FieldExpectation, observed: Events
) -> Iterator[Finding]:
    if observed.unknown:
        return
    near = get_close_matches(name, list(observed.fields()), n=1, cutoff=0.7)
    capture = f"capture it as `[{name.replace('.', '][')}]`, or take it out of the contract."
    yield Finding(
        what=f"no event has `{name}`, of {len(observed.records)} lines",
        where=field.declared,
        why="a search for a field that does not exist finds nothing and reports no error",
        fix=f"the events have `{near[0]}`: rename one of the two." if near else capture,
        breaks=(Subject("field", name),),
        follows=(Subject("lines", expected.name),),
    )
