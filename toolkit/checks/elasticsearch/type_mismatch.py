"""The index template, or the index, gives a field another type than promised."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from toolkit.checks import check
from toolkit.checks.elasticsearch._mapped_events import mapped_events, origin
from toolkit.elasticsearch.dynamic import discover
from toolkit.elasticsearch.templates import Template
from toolkit.evidence.logs.events import Events, lookup
from toolkit.findings import Finding, Subject, Unproven
from toolkit.model.expectations.logs import FieldExpectation, LogExpectation


@check(expects=LogExpectation, queries=mapped_events)
def type_mismatch(
    expected: LogExpectation, observed: tuple[Template, Events]
) -> Iterator[Finding | Unproven]:
    """The index template, and the index itself, give every declared field its type.

    ## Why it matters
    A status mapped as `keyword` sorts as text ("9" after "10") and cannot be averaged; a
    field the template forgets gets the type of whatever comes first.

    ## How to fix it
    Correct the type in the index template, and roll the index over: the type of an existing
    field cannot be changed in place.

    ## Reference
    https://www.elastic.co/guide/en/elasticsearch/reference/current/mapping.html
    """
    mapped, parsed = observed
    for name, field in expected.fields.items():
        held = mapped.type_of(name)
        if held is None and mapped.missing:
            continue
        if held is None and (doubts := parsed.doubts.about(name)):
            yield from map(Unproven, doubts)
            continue
        held = held or _guessed(name, mapped, parsed)
        if held != field.type:
            yield _other_type(name, field, held, mapped)


def _other_type(name: str, field: FieldExpectation, held: str | None, mapped: Template) -> Finding:
    if mapped.type_of(name) is None:
        near = get_close_matches(name, list(mapped.fields()), n=1)
        guess = f"its first value makes it `{held}`" if held else "its first value decides"
        what = f"`{name}` is not in the {_kind(mapped)}: {guess}, not `{field.type}`"
        fix = f"map `{name}` as `{field.type}`."
        fix = f"the template has `{near[0]}`: rename one of the two." if near else fix
    else:
        what = f"`{name}` is mapped as `{held}`, not as `{field.type}`"
        fix = f"map `{name}` as `{field.type}` in the template, then roll the index over."
    return Finding(
        what=what,
        where=origin(mapped, name),
        why=f"{field.declared} declares `{name}: {field.type}`",
        fix=fix,
        breaks=(Subject("mapping", name),),
        follows=(Subject("types", name),),
    )


def _guessed(name: str, mapped: Template, parsed: Events) -> str | None:
    """The type that the first value gives a field the template does not have."""
    for event in parsed:
        for value in lookup(event, name):
            found = discover(mapped.mappings, name, name.rpartition(".")[2], value)
            return str(found.definition.get("type", "object"))
    return None


def _kind(mapped: Template) -> str:
    return "index template" if mapped.text else "index"
