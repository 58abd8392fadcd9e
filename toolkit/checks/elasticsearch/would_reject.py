"""The index refuses an event, and the event is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.checks import check
from toolkit.checks.elasticsearch._asking import mapped_events
from toolkit.elasticsearch.documents import DocumentOutcome, DynamicIndex
from toolkit.elasticsearch.templates import Template
from toolkit.errors import Unsupported
from toolkit.evidence.events import Events, Record, lookup
from toolkit.findings import Finding, Unproven
from toolkit.model.expectations.logs import LogExpectation

__all__ = ["would_reject"]

_FIELD = re.compile(r"field \[([^\]]+)\]")


@check(expects=LogExpectation, asks=mapped_events)
def would_reject(
    expected: LogExpectation, observed: tuple[Template, Events]
) -> Iterator[Finding | Unproven]:
    """The index takes every event, whole and in the order of the lines.

    ## Why it matters
    One value of the wrong form takes its whole event away. `_bulk` still answers 200; the
    shipper logs a line that nobody reads, and drops the event.

    ## How to fix it
    Convert the value in the pipeline, or map the field as what it is. `ignore_malformed`
    keeps the event, but no search finds the value.

    ## Reference
    https://www.elastic.co/docs/reference/elasticsearch/mapping-reference/ignore-malformed
    """
    mapped, parsed = observed
    index = DynamicIndex(mapped.mappings, mapped.settings)
    said: set[str] = set()
    for record in parsed.records:
        for event in record.events:
            try:
                outcome = index.index(event)
            except Unsupported as error:
                yield Unproven(error.finding)
                return
            if outcome.result == "rejected" and outcome.reason not in said:
                said.add(outcome.reason)
                yield _rejected(record, event, outcome, mapped)


def _rejected(
    record: Record, event: Mapping[str, Any], outcome: DocumentOutcome, mapped: Template
) -> Finding:
    named = _FIELD.search(outcome.reason)
    name = named[1] if named else ""
    value = next(iter(lookup(event, name)), "") if name else ""
    return Finding(
        what=f"the event is refused: {outcome.reason or outcome.error}",
        where=record.line.find(value, name),
        why=f"{mapped.source or 'the mapping'} does not take the value, so all of it is lost",
        fix="convert the value in the pipeline, or map the field as what it is.",
        follows=(f"field {name}",),
    )
