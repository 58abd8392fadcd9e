"""An event is in the index more often than it was sent."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.evidence.delivery.indexed import Indexed, indexed
from toolkit.findings import Finding
from toolkit.model.expectations.logs import LogExpectation


@check(expects=LogExpectation, queries=indexed)
def doubled_events(expected: LogExpectation, observed: Indexed) -> Iterator[Finding]:
    """Where sample lines were shipped to the index, each of their events is there once.

    ## Why it matters
    Delivery is at least once: an answer that is lost on its way makes the shipper send again.
    Counts, ratios and sums are then those of requests that never were.

    ## How to fix it
    Give events an id by their content (`fingerprint`, `document_id`), so that sending twice
    writes the same document.

    ## Reference
    https://www.elastic.co/blog/efficient-duplicate-prevention-for-event-based-data-in-elasticsearch
    """
    if not observed.doubled:
        return
    first, documents = observed.doubled[0]
    extra = sum(len(found) for _, found in observed.doubled)
    many = f"{extra} documents" if extra > 1 else "a document"
    yield Finding(
        what=f"{many} too many for {observed.sent} events sent: the first is `{documents[0].id}`",
        where=first.line.at(0, len(first.line.text.partition("\n")[0])),
        why=f"this line was sent once, and {documents[0].index} has its event again",
        fix="give events an id by their content, so that sending twice writes one document.",
    )
