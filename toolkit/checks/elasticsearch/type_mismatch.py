"""The index template gives a field another type than promised, or refuses its values."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from toolkit.checks import check
from toolkit.elasticsearch.coercion import Outcome, store
from toolkit.elasticsearch.dynamic import discover
from toolkit.elasticsearch.templates import Template
from toolkit.evidence.events import Events, Record, events, lookup
from toolkit.evidence.templates import template
from toolkit.findings import Finding, Severity
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import FieldExpectation, LogExpectation
from toolkit.model.queries import Query, Together

__all__ = ["type_mismatch"]


def _asks(expected: LogExpectation, scope: Scope) -> Mapping[str, Query[tuple[Template, Events]]]:
    mapped = template(expected)
    if mapped is None or not expected.fields:
        return {}
    return {source: Together(mapped, found) for source, found in events(expected, scope).items()}


@check(expects=LogExpectation, asks=_asks)
def type_mismatch(
    expected: LogExpectation, observed: tuple[Template, Events]
) -> Iterator[Finding]:
    """The index template gives every declared field its type, and takes all its values.

    ## Why it matters
    A status mapped as `keyword` sorts as text ("9" after "10") and cannot be averaged; a
    field the template forgets gets the type of whatever comes first. A value the mapping
    refuses takes its whole event away.

    ## How to fix it
    Correct the type in the index template, and roll the index over: the type of an existing
    field cannot be changed in place.

    ## Reference
    https://www.elastic.co/guide/en/elasticsearch/reference/current/mapping.html
    """
    mapped, parsed = observed
    for name, field in expected.fields.items():
        held = mapped.type_of(name) or _guessed(name, mapped, parsed)
        if held != field.type:
            yield _other_type(name, field, held, mapped)
        else:
            yield from _refused(name, field, mapped, parsed)


def _other_type(name: str, field: FieldExpectation, held: str | None, mapped: Template) -> Finding:
    if mapped.type_of(name) is None:
        near = get_close_matches(name, list(mapped.fields()), n=1)
        guess = f"its first value makes it `{held}`" if held else "its first value decides"
        what = f"`{name}` is not in the index template: {guess}, not `{field.type}`"
        fix = f"map `{name}` as `{field.type}`."
        fix = f"the template has `{near[0]}`: rename one of the two." if near else fix
    else:
        what = f"`{name}` is mapped as `{held}`, not as `{field.type}`"
        fix = f"map `{name}` as `{field.type}` in the template, then roll the index over."
    return Finding(
        what=what,
        where=mapped.locate(name),
        why=f"{field.declared} declares `{name}: {field.type}`",
        fix=fix,
        breaks=(f"mapping {name}",),
    )


def _guessed(name: str, mapped: Template, parsed: Events) -> str | None:
    """The type that the first value gives a field the template does not have."""
    for event in parsed:
        for value in lookup(event, name):
            found = discover(mapped.mappings, name, name.rpartition(".")[2], value)
            return str(found.definition.get("type", "object"))
    return None


def _refused(
    name: str, field: FieldExpectation, mapped: Template, parsed: Events
) -> Iterator[Finding]:
    definition = mapped.definition(name)
    for record in parsed.records:
        for event in record.events:
            for value in lookup(event, name):
                outcome = store(value, definition, name=name)
                if outcome.result == "rejected":
                    yield _rejected(name, field, record, value, outcome)
                    return
                if outcome.ignored:
                    yield _ignored(name, field, record, value)
                    return


def _rejected(
    name: str, field: FieldExpectation, record: Record, value: Any, outcome: Outcome
) -> Finding:
    return Finding(
        what=f"`{name}: {_shown(value)}` is refused by `{field.type}`, and its event is lost",
        where=record.line.find(value, name),
        why=f"Elasticsearch says: {outcome.reason or outcome.error}",
        fix=f"convert `{name}` in the pipeline, or map it as what it is.",
        follows=(f"field {name}",),
    )


def _ignored(name: str, field: FieldExpectation, record: Record, value: Any) -> Finding:
    return Finding(
        what=f"`{name}: {_shown(value)}` is ignored by `{field.type}`: no search finds it",
        where=record.line.find(value, name),
        why="the mapping has `ignore_malformed` or `ignore_above`; only `_source` keeps the value",
        fix=f"convert or shorten `{name}` in the pipeline, or change the mapping.",
        severity=Severity.WARNING,
        follows=(f"field {name}",),
    )


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
