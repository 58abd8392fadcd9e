"""The index refuses an event, and the event is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from toolkit.checks import check
from toolkit.elasticsearch.strict import strangers
from toolkit.evidence.elasticsearch.indexing import IndexAttempt, Indexing, indexings
from toolkit.evidence.logs.events import lookup
from toolkit.findings import Finding, Subject
from toolkit.model.expectations.logs import LogExpectation

_FIELD = re.compile(r"field \[([^\]]+)\]")
_FEW = 3
"""Fields that a finding names; it counts the others."""


@check(expects=LogExpectation, queries=indexings)
def would_reject(expected: LogExpectation, observed: Indexing) -> Iterator[Finding]:
    """The index takes every event, whole and in the order of the lines.

    ## Why it matters
    One value of the wrong form takes its whole event away. `_bulk` still answers 200; the
    shipper logs a line that is rarely read, and drops the event.

    ## How to fix it
    Convert the value in the pipeline, or map the field as what it is. `ignore_malformed`
    keeps the event, but no search finds the value.

    ## Reference
    https://www.elastic.co/docs/reference/elasticsearch/mapping-reference/ignore-malformed
    """
    reported: set[str] = set()
    for each in observed.attempts:
        if each.outcome.result == "rejected" and each.outcome.reason not in reported:
            reported.add(each.outcome.reason)
            unmapped = strangers(each.event, each.outcome, observed.mapping)
            new = [name for name in unmapped if name not in reported]
            reported.update(new)
            if new:
                yield _unmapped(each, new, observed.mapping.source, expected)
            elif not unmapped:
                yield _rejected(each, observed.mapping.source, expected.name)


def _unmapped(
    attempt: IndexAttempt, names: Sequence[str], mapping: str, expected: LogExpectation
) -> Finding:
    first, few, more = names[0], names[:_FEW], len(names) - _FEW
    value = "" if first.startswith("@") else next(iter(lookup(attempt.event, first)), "")
    declared = expected.fields.get(first)
    one = f"`{first}` as `{declared.type}`" if declared else f"`{first}`"
    listed = ", ".join(f'"{_reference(name)}"' for name in few) + ", …" * (more > 0)
    return Finding(
        what=f"the event is refused: the mapping is strict, and has no "
        f"{', '.join(f'`{name}`' for name in few)}{f' and {more} more' if more > 0 else ''}",
        where=attempt.record.line.find(value, first),
        why=f"{mapping or 'the mapping'} takes no other fields, so all of the event is lost",
        fix=f"map {one if len(names) == 1 else 'them'} in {mapping or 'the template'}, or take "
        f"{'it' if len(names) == 1 else 'them'} out: `remove_field => [{listed}]`.",
        breaks=(Subject("events", expected.name),),
        follows=tuple(Subject("field", name) for name in names),
    )


def _reference(name: str) -> str:
    return f"[{name.replace('.', '][')}]" if "." in name else name


def _rejected(attempt: IndexAttempt, mapping: str, log: str) -> Finding:
    outcome = attempt.outcome
    named = _FIELD.search(outcome.reason)
    name = named[1] if named else ""
    value = next(iter(lookup(attempt.event, name)), "") if name else ""
    return Finding(
        what=f"the event is refused: {outcome.reason or outcome.error}",
        where=attempt.record.line.find(value, name),
        why=f"{mapping or 'the mapping'} does not take the value, so all of it is lost",
        fix="convert the value in the pipeline, or map the field as what it is.",
        breaks=(Subject("values", name), Subject("events", log)) if name else (),
        follows=(Subject("field", name),),
    )
