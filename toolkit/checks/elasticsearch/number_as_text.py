"""A number is indexed as text, and no declaration demands that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from toolkit.checks import check
from toolkit.checks.elasticsearch._mapped_events import shown
from toolkit.evidence.elasticsearch.index_fields import IndexFields
from toolkit.evidence.elasticsearch.indexed_events import IndexedEvents, indexed_events
from toolkit.evidence.logs.events import Events, Record, lookup
from toolkit.evidence.logs.quantities import is_label, is_number, is_quantity
from toolkit.findings import Finding, Severity, Subject, Unproven
from toolkit.model.expectations.logs import LogExpectation

_TEXTS = ("text", "keyword")
_LINE = ("@version", "message", "event.original")


@check(expects=LogExpectation, queries=indexed_events)
def number_as_text(
    expected: LogExpectation, observed: IndexedEvents
) -> Iterator[Finding | Unproven]:
    """A field whose values are all numbers is indexed as a number, or declared as text.

    ## Why it matters
    Elasticsearch maps a text as text, be it `"200"`: then `latency >= 100` compares letters,
    averages fail and sums are empty, all without an error. Names such as `status`, `latency`
    and `bytes` are errors, others warnings; identifiers, as `zip` or `pid`, are left alone.

    ## How to fix it
    Capture the number with its type, `%{NUMBER:latency:float}`, or convert it with `mutate`; or
    map it in the index template. Declare a number that is a name as `keyword` under `fields:`.

    ## Reference
    https://www.elastic.co/docs/manage-data/data-store/mapping/dynamic-field-mapping
    """
    index, parsed = observed.index, observed.events
    if observed.converted or index.composed:
        return
    for name in parsed.fields():
        if name in expected.fields or name in index.mapped or _is_shipped(name, parsed):
            continue
        if parsed.doubts.about(name):
            continue
        values = [*_values(name, parsed)]
        texts = values and all(isinstance(v, str) and is_number(v) for _, v in values)
        if texts and not is_label(name) and index.type_of(name) in _TEXTS:
            yield _finding(name, values, index)
    yield from map(Unproven, parsed.doubts.all)


def _is_shipped(name: str, parsed: Events) -> bool:
    return name in _LINE or bool(lookup(parsed.shipped.fields, name))


def _values(name: str, parsed: Events) -> Iterator[tuple[Record, Any]]:
    for record in parsed.records:
        for event in record.events:
            for value in lookup(event, name):
                yield record, value


def _finding(name: str, values: list[tuple[Record, Any]], index: IndexFields) -> Finding:
    record, value = values[0]
    kind = "float" if any("." in held for _, held in values) else "integer"
    meant = is_quantity(name, [held for _, held in values])
    times = "the only value is a number" if len(values) == 1 else "every value is a number"
    return Finding(
        what=f'`{name}` is the text "{shown(value)}", and {times}',
        where=record.line.find(value, name),
        why=f"no template maps it, so it is indexed as `{index.type_of(name)}`: ranges compare "
        "letters, and averages fail",
        fix=f'convert it: `mutate {{ convert => {{ "{_reference(name)}" => "{kind}" }} }}`.',
        severity=None if meant else Severity.WARNING,
        breaks=(Subject("types", name),),
    )


def _reference(name: str) -> str:
    return f"[{name.replace('.', '][')}]" if "." in name else name
