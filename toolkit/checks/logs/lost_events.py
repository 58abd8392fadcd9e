"""Events that a condition, or an error of a filter, costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from toolkit.checks import check
from toolkit.evidence.logs.events import Events, events
from toolkit.evidence.logs.risks import risky_conditions
from toolkit.findings import Finding, Subject
from toolkit.model.expectations.logs import LogExpectation


@check(expects=LogExpectation, queries=events)
def lost_events(expected: LogExpectation, observed: Events) -> Iterator[Finding]:
    """No event is lost to a condition that cannot be answered, and none kills the pipeline.

    ## Why it matters
    `if [status] >= 400` on an event without `status` is not false: Logstash drops the event
    and only its own log shows it. Some values even end the pipeline, with the whole batch.
    A condition that loses none of these lines, and can lose others, is a warning.

    ## How to fix it
    Ask for the field first (`if [status] and [status] >= 400`), and convert it to a number
    before it is compared with one.

    ## Reference
    https://www.elastic.co/guide/en/logstash/current/event-dependent-configuration.html
    """
    if observed.crash:
        yield observed.crash
    lost = Counter(finding for record in observed.records for finding in record.lost)
    for finding, times in lost.items():
        yield Finding(
            what=f"{times} of {len(observed.records)} lines are lost: {finding.what}",
            where=finding.where,
            why=finding.why,
            fix=finding.fix,
            breaks=(Subject("events", expected.name),),
            follows=(Subject("lines", expected.name),),
        )
    there = {finding.where for finding in lost}
    yield from (each for each in risky_conditions(observed) if each.where not in there)
