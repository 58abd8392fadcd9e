"""A field holds a value beyond what the contract allows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from toolkit.checks import check
from toolkit.evidence.logs.events import Events, lookup, promised_events
from toolkit.findings import Finding, Subject, Unproven
from toolkit.model.expectations.logs import FieldExpectation, LogExpectation


@check(expects=LogExpectation, queries=promised_events)
def value_range(expected: LogExpectation, observed: Events) -> Iterator[Finding | Unproven]:
    """Every value of a declared field keeps the bounds the contract gives.

    ## Why it matters
    A status of 0 or a latency of -1 comes from a line that was cut in the wrong place. It is
    of the right type, so it is accepted, and it spoils every figure it is part of.

    ## How to fix it
    Look at the line that is shown: mostly a pattern takes more, or less, than was meant.

    ## Reference
    https://www.elastic.co/guide/en/ecs/current/ecs-http.html
    """
    for name, field in expected.fields.items():
        for record in observed.records:
            found = (value for event in record.events for value in lookup(event, name))
            beyond = next((value for value in found if not _within(value, field)), None)
            if beyond is not None:
                yield Finding(
                    what=f"`{name}` is {beyond}, {_bounds(field)}",
                    where=record.line.find(beyond, name),
                    why=f"{field.declared} sets the bounds",
                    fix="correct the pattern that cut the line, or the bounds.",
                    breaks=(Subject("values", name),),
                    follows=(Subject("field", name),),
                )
                break
        else:
            yield from map(Unproven, observed.doubts.about(name) if _is_bound(field) else ())


def _is_bound(field: FieldExpectation) -> bool:
    bounds = (field.between, field.at_least, field.at_most)
    return bool(field.one_of) or any(each is not None for each in bounds)


def _within(value: Any, field: FieldExpectation) -> bool:
    if field.coerced and isinstance(value, str):
        with suppress(ValueError):
            value = float(value)
    if field.one_of and value not in field.one_of:
        return False
    if isinstance(value, bool) or not isinstance(value, int | float):
        return True
    low, high = field.between or (None, None)
    lowest = max((x for x in (low, field.at_least) if x is not None), default=value)
    highest = min((x for x in (high, field.at_most) if x is not None), default=value)
    return bool(lowest <= value <= highest)


def _bounds(field: FieldExpectation) -> str:
    if field.one_of:
        return f"none of {', '.join(map(str, field.one_of))}"
    if field.between:
        return f"not between {field.between[0]:g} and {field.between[1]:g}"
    bounds = (("less than", field.at_least), ("more than", field.at_most))
    return " or ".join(f"{word} {bound:g}" for word, bound in bounds if bound is not None)
