"""The log or the metrics hold another number of errors than were answered."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.checks.agreement._views import absent, asks, differ
from toolkit.evidence.agreement import Agreement
from toolkit.findings import Finding, Unproven
from toolkit.model.contract import Contract

__all__ = ["errors"]


@check(expects=Contract, asks=asks)
def errors(expected: Contract, observed: Agreement) -> Iterator[Finding | Unproven]:
    """Every answer of 500 and above is in the log and in the metrics as one.

    ## Why it matters
    An exception that escapes the code which counts and logs is an error for the client and
    a success, or nothing, for the dashboard: the worst requests are the invisible ones.

    ## How to fix it
    Count and log where exceptions cannot pass by: around the whole application, not inside
    a handler.

    ## Reference
    https://sre.google/sre-book/monitoring-distributed-systems/#xref_monitoring_golden-signals
    """
    yield from absent(observed, expected)
    told = f"{observed.failed} requests were answered with 5xx"
    if observed.logged is not None and observed.logged.errors != observed.failed:
        yield differ("log", f"{told}; the log has {observed.logged.errors}", expected)
    if observed.counted_errors is not None and round(observed.counted_errors) != observed.failed:
        yield differ("metrics", f"{told}; the metrics have {observed.counted_errors:g}", expected)
