"""The index refuses an event, and the event is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

from toolkit.checks import check
from toolkit.evidence.elasticsearch.indexing import IndexAttempt, Indexing, indexings
from toolkit.evidence.logs.events import lookup
from toolkit.findings import Finding, Subject
from toolkit.model.expectations.logs import LogExpectation

_FIELD = re.compile(r"field \[([^\]]+)\]")


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
            yield _rejected(each, observed.mapping.source, expected.name)


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
