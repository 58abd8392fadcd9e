"""A field comes out of the pipeline as another type than promised, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from toolkit.checks import check
from toolkit.evidence.logs.events import Events, Record, lookup, promised_events
from toolkit.evidence.logs.field_types import DATES, FRACTIONS, WHOLE, is_of_type
from toolkit.evidence.logs.unreached import Barrier, barriers
from toolkit.findings import Finding, Subject, Unproven
from toolkit.model.expectations.logs import FieldExpectation, LogExpectation
from toolkit.model.grouping import grouped

_FEW = 3
"""Fields that a finding names; it counts the others."""


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
    absent: dict[str, FieldExpectation] = {}
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
        if not seen and not doubts and not observed.unknown:
            absent[name] = field
    if absent:
        yield from _absent(expected, absent, observed)


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


def _absent(
    expected: LogExpectation, absent: Mapping[str, FieldExpectation], observed: Events
) -> Iterator[Finding]:
    """Yield a finding for all fields that one place keeps from the events, and for each other."""
    before = barriers(observed, absent)
    for barrier, names in grouped((before[name], name) for name in before).items():
        if barrier:
            yield _kept(expected, barrier, names, observed)
        else:
            yield _lost(expected, names, observed)
    for name, field in absent.items():
        if name not in before:
            yield _never(expected, name, field, observed)


def _kept(
    expected: LogExpectation, barrier: Barrier, names: Sequence[str], observed: Events
) -> Finding:
    lines = _counted(observed)
    if barrier.drops:
        what = f"`{barrier.text}` drops all events of {lines}, and so {_named(names)}"
        why = f"no event is left; {expected.declared} promises these fields"
        fix = "put a condition around it that keeps the lines that are read."
    else:
        what = f"0 of {lines} take `{barrier.text}`, so no event has {_named(names)}"
        why = f"only filters behind it make fields that {expected.declared} promises"
        fix = (
            "correct the condition, add lines for which it holds, or state under `event:` what"
            " the shipper sets."
        )
    return Finding(
        what=what,
        where=barrier.where,
        why=why,
        fix=fix,
        breaks=tuple(Subject("field", name) for name in names),
        follows=(Subject("lines", expected.name),),
    )


def _lost(expected: LogExpectation, names: Sequence[str], observed: Events) -> Finding:
    return Finding(
        what=f"no event has {_named(names)}, of {_counted(observed)}",
        where=expected.declared,
        why="a condition loses the events on their way to the filters that make these fields",
        fix="correct the condition.",
        breaks=tuple(Subject("field", name) for name in names),
        follows=(Subject("events", expected.name),),
    )


def _named(names: Sequence[str]) -> str:
    """Return the first fields, and the number of the others."""
    first, more = names[:_FEW], len(names) - _FEW
    shown = [f"`{name}`" for name in first] + [f"{more} more fields"] * (more > 0)
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))


def _counted(observed: Events) -> str:
    lines = len(observed.records)
    return f"{lines} line{'s' * (lines != 1)}"


def _never(
    expected: LogExpectation, name: str, field: FieldExpectation, observed: Events
) -> Finding:
    near = get_close_matches(name, list(observed.fields()), n=1, cutoff=0.7)
    capture = f"capture it as `[{name.replace('.', '][')}]`, or take it out of the contract."
    return Finding(
        what=f"no event has `{name}`, of {_counted(observed)}",
        where=field.declared,
        why="a search for a field that does not exist finds nothing and reports no error",
        fix=f"the events have `{near[0]}`: rename one of the two." if near else capture,
        breaks=(Subject("field", name),),
        follows=(Subject("lines", expected.name),),
    )
