"""The log or the metrics hold another number of errors than were answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from toolkit.checks import check
from toolkit.checks.agreement._views import absent, differ, request_queries
from toolkit.findings import Finding, Location, Unproven
from toolkit.model.contract import Contract

if TYPE_CHECKING:
    from toolkit.evidence.agreement import Agreement


@check(expects=Contract, queries=request_queries)
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
    yield from absent(observed, expected, "requests")
    counts = f"answered with 5xx: {observed.failed}"
    if observed.logged is not None and not observed.logs_errors(observed.logged.errors):
        yield _differ("log", f"{counts}; logged as 5xx: {observed.logged.errors}", expected)
    counted = observed.counted_errors
    if counted is not None and round(counted) != observed.failed:
        yield _differ("metrics", f"{counts}; counted as 5xx: {counted:g}", expected)
    if counted is None and observed.counted is not None:
        yield from _unlabelled(expected, observed.status_labels)


def _differ(view: str, what: str, expected: Contract) -> Finding:
    fix = "count and log around the whole application, where no exception can pass by."
    return replace(differ(view, what, expected), fix=fix)


def _unlabelled(expected: Contract, labels: Sequence[str]) -> Iterator[Unproven]:
    fix = "export a label with the HTTP status."
    if labels:
        fix = f"add to this metric in the contract: `status_label: {labels[0]}`."
    for series in expected.metrics.series if expected.metrics else ():
        if series.role == "requests":
            yield Unproven.of(
                what=f"`{series.name}` has no label `{series.status_label}` with the status",
                where=Location(f"service:metrics:{series.name}"),
                why=f"{series.declared} takes that label for the HTTP status",
                fix=fix,
            )
