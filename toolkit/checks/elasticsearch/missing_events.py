"""Events of sample lines are not in the index that holds the others."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.evidence.delivery.indexed import Indexed, indexed
from toolkit.findings import Finding, Mark, Subject
from toolkit.model.expectations.logs import LogExpectation


@check(expects=LogExpectation, queries=indexed)
def missing_events(expected: LogExpectation, observed: Indexed) -> Iterator[Finding]:
    """Where sample lines were shipped to the index, each of their events is there.

    ## Why it matters
    A queue that overflows, an event the index refuses, a rotation at the wrong moment: what
    is lost leaves no trace but that it is not there. Sample lines are the lines of which it
    is known what should be there; an index that holds none of them is passed over.

    ## How to fix it
    Ship the line again, and look at what Logstash logs of it.

    ## Reference
    https://www.elastic.co/docs/reference/logstash/persistent-queues
    """
    if not observed.missing:
        return
    first = observed.missing[0].line
    many = f"{len(observed.missing)} events are" if len(observed.missing) > 1 else "an event is"
    counts = f"sent {observed.sent} = indexed {observed.found} + missing {len(observed.missing)}"
    yield Finding(
        what=f"{many} missing in the index: {counts}",
        where=first.at(0, len(first.text.partition("\n")[0])),
        why=f"{expected.index} holds the others of these lines; {expected.declared} ships them",
        fix="ship the line again, and look at what Logstash logs of it.",
        marks=tuple(Mark("missing", each.line.where) for each in observed.missing[1:3]),
        breaks=(Subject("events", expected.name),),
    )
