"""The type of a field depends on which value comes first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from toolkit.checks import check
from toolkit.checks.elasticsearch._mapped_events import mapped_events, origin, shown
from toolkit.elasticsearch.dynamic import discover
from toolkit.elasticsearch.numbers import FLOATING
from toolkit.elasticsearch.templates import Template
from toolkit.evidence.logs.events import Events, Record, lookup
from toolkit.findings import Finding, Mark, Subject, Unproven
from toolkit.model.expectations.logs import FieldExpectation, LogExpectation


@check(expects=LogExpectation, queries=mapped_events)
def first_value_decides(
    expected: LogExpectation, observed: tuple[Template, Events]
) -> Iterator[Finding | Unproven]:
    """No declared field gets its type from whichever value comes first.

    ## Why it matters
    A latency that is first seen as 12 makes its field `long`: from then on 12.9 is counted
    as 12, without an error, while the document still shows 12.9. The next day's index, whose
    first value is 0.4, has another type.

    ## How to fix it
    Map the field in the index template, and roll the index over.

    ## Reference
    https://www.elastic.co/docs/manage-data/data-store/mapping/dynamic-field-mapping
    """
    mapped, parsed = observed
    for name, field in expected.fields.items():
        if _is_whole(mapped, name, field):
            yield _already(name, field, mapped)
        elif mapped.type_of(name) is None and not mapped.missing:
            found = _guesses(name, mapped, parsed)
            if len(found) > 1:
                yield _undecided(name, field, mapped, found)
            else:
                yield from map(Unproven, parsed.doubts.about(name))


def _is_whole(mapped: Template, name: str, field: FieldExpectation) -> bool:
    """Return True if an index maps fractions as `long`, the type of a first whole number."""
    return not mapped.text and field.type in FLOATING and mapped.type_of(name) == "long"


def _guesses(name: str, mapped: Template, parsed: Events) -> dict[str, tuple[Record, Any]]:
    """The types that values would give the field, each with the first such value."""
    found: dict[str, tuple[Record, Any]] = {}
    for record in parsed.records:
        for event in record.events:
            for value in lookup(event, name):
                guess = discover(mapped.mappings, name, name.rpartition(".")[2], value)
                kind = str(guess.definition.get("type", "object"))
                found.setdefault(kind, (record, value))
    return found


def _already(name: str, field: FieldExpectation, mapped: Template) -> Finding:
    return Finding(
        what=f"`{name}` was first seen as a whole number: it is `long`, not `{field.type}`",
        where=origin(mapped, name),
        why=f"fractions are cut off in silence; {field.declared} declares `{name}: {field.type}`",
        fix=f"map `{name}` as `{field.type}` in the template, then roll the index over.",
        breaks=(Subject("types", name),),
    )


def _undecided(
    name: str, field: FieldExpectation, mapped: Template, found: dict[str, tuple[Record, Any]]
) -> Finding:
    kinds = ", ".join(f"{shown(value)} makes it `{kind}`" for kind, (_, value) in found.items())
    marks = tuple(
        Mark(kind, record.line.find(value, name)) for kind, (record, value) in found.items()
    )
    return Finding(
        what=f"the first value decides on `{name}`: {kinds}",
        where=marks[0].where,
        why=f"{mapped.source} does not map it; {field.declared} declares `{name}: {field.type}`",
        fix=f"map `{name}` as `{field.type}` in the template.",
        marks=marks[1:2],
        breaks=(Subject("types", name),),
    )
