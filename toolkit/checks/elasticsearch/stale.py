"""Nothing new arrives in the index."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.evidence.elasticsearch.freshness import Freshness, freshness
from toolkit.findings import Finding, Location, Unproven
from toolkit.model.expectations.logs import LogExpectation


@check(expects=LogExpectation, queries=freshness)
def stale(expected: LogExpectation, observed: Freshness) -> Iterator[Finding | Unproven]:
    """The newest indexed event is no older than the contract allows.

    ## Why it matters
    A shipper that has stopped looks like a quiet night: no errors, no slow requests, and an
    alert on the error ratio that cannot ring.

    ## How to fix it
    Look at the shipper, then at Logstash, then at what the index refuses. An event's time in
    the future hides that newer ones are missing: look at the zone of the log's times.

    ## Reference
    https://www.elastic.co/docs/reference/beats/filebeat/how-filebeat-works
    """
    where = Location(f"elasticsearch:{expected.index}")
    if observed.lag is None:
        yield Unproven.of(
            what="no indexed event has an `@timestamp` that could be compared",
            where=where,
            why=f"{expected.declared} bounds the age of the newest event",
            fix="map `@timestamp` as `date`.",
        )
    elif observed.lag > (expected.stale_after or 0):
        yield Finding(
            what=f"stale_after {expected.stale_after:g} s   measured {observed.lag:.0f} s",
            where=where,
            why=f"{expected.declared} bounds the age of the newest event",
            fix="see whether the shipper and Logstash run, and what the index refuses.",
        )
