"""The log or the metrics hold another number of requests than were sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from toolkit.checks import check
from toolkit.checks.agreement._views import absent, differ, request_queries
from toolkit.findings import Finding, Unproven
from toolkit.model.contract import Contract

if TYPE_CHECKING:
    from toolkit.evidence.agreement import Agreement


@check(expects=Contract, queries=request_queries)
def requests(expected: Contract, observed: Agreement) -> Iterator[Finding | Unproven]:
    """Requests sent = requests logged + requests refused by the server = requests counted.

    ## Why it matters
    Two dashboards that disagree are believed in turn. Lines lost at rotation, at shutdown or
    between workers, and counters that only one worker feeds, show up only in this sum.

    ## How to fix it
    Log and count each request exactly once, at the same place. With several workers use
    prometheus_client's multiprocess mode, and write each line with a single append.

    ## Reference
    https://prometheus.github.io/client_python/multiprocess/
    """
    yield from absent(observed, expected, "requests")
    counts = f"sent {observed.sent} = answered {observed.answered} + refused {observed.refused}"
    if observed.logged is not None and not observed.logs_requests(observed.logged.requests):
        yield differ("log", f"{counts}; logged {observed.logged.requests}", expected)
    if observed.counted is not None and round(observed.counted) != observed.answered:
        yield differ("metrics", f"{counts}; counted {observed.counted:g}", expected)
