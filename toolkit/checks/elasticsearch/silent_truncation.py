"""A number is stored as another number, without a word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from toolkit.checks import check
from toolkit.checks.elasticsearch._mapped_events import mapped_events, shown
from toolkit.elasticsearch.coercion import store
from toolkit.elasticsearch.numbers import WHOLE
from toolkit.elasticsearch.templates import Template
from toolkit.evidence.logs.events import Events, Record, lookup
from toolkit.findings import Finding, Severity, Subject, Unproven
from toolkit.model.expectations.logs import LogExpectation


@check(expects=LogExpectation, queries=mapped_events)
def silent_truncation(
    expected: LogExpectation, observed: tuple[Template, Events]
) -> Iterator[Finding | Unproven]:
    """Every number of a declared field is stored as it is, fractions included.

    ## Why it matters
    12.5 in a field of whole numbers is indexed as 12: sums and percentiles are wrong by up
    to one unit each, and a latency below a millisecond is 0. The document itself still shows
    12.5, so the loss is not noticed.

    ## How to fix it
    Map the field as `float`, or switch `coerce` off and let the pipeline decide.

    ## Reference
    https://www.elastic.co/docs/reference/elasticsearch/mapping-reference/coerce
    """
    mapped, parsed = observed
    for name in expected.fields:
        definition = mapped.definition(name)
        if definition is None or definition.get("type") not in WHOLE:
            continue
        for record, value in _fractions(parsed, name):
            outcome = store(value, definition, name=name)
            if outcome.stored and float(outcome.stored[0]) != float(value):
                yield _cut(name, record, value, outcome.stored[0], str(definition["type"]))
                break
        else:
            yield from map(Unproven, parsed.doubts.about(name))


def _fractions(parsed: Events, name: str) -> Iterator[tuple[Record, Any]]:
    for record in parsed.records:
        for event in record.events:
            for value in lookup(event, name):
                if _has_fraction(value):
                    yield record, value


def _has_fraction(value: Any) -> bool:
    try:
        return not isinstance(value, bool) and not float(value).is_integer()
    except (TypeError, ValueError, OverflowError):
        return False


def _cut(name: str, record: Record, value: Any, stored: Any, kind: str) -> Finding:
    return Finding(
        what=f"`{name}: {shown(value)}` is stored as {stored} by `{kind}`, without a word",
        where=record.line.find(value, name),
        why="a field of whole numbers cuts fractions off, unless its `coerce` is false",
        fix=f"map `{name}` as `float`, then roll the index over.",
        severity=Severity.ERROR,
        breaks=(Subject("values", name),),
        follows=(Subject("types", name), Subject("mapping", name), Subject("field", name)),
    )
