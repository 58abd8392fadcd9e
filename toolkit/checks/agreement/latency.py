"""The log and the metrics have different latencies for the same requests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from toolkit.checks import check
from toolkit.checks.agreement._views import absent, differ, latency_queries
from toolkit.findings import Finding, Unproven
from toolkit.model.contract import Contract

if TYPE_CHECKING:
    from toolkit.evidence.agreement import Agreement

_SHARE = 0.10
"""How far the means may be apart: scrapes of the toolkit itself are part of the histogram."""
_SECONDS = 0.002
"""How far they may be apart in any case: the rounding of a log line."""


@check(expects=Contract, queries=latency_queries)
def latency(expected: Contract, observed: Agreement) -> Iterator[Finding | Unproven]:
    """The mean latency in the log, in the histogram and at the client agree.

    ## Why it matters
    Milliseconds observed into a histogram of seconds land in its last bucket: every
    percentile is the same large number, and the alert on it rings always or never.

    ## How to fix it
    Measure once, observe seconds into the histogram, and print the same value, times 1000,
    into the line.

    ## Reference
    https://prometheus.io/docs/practices/naming/#base-units
    """
    yield from absent(observed, expected, "latency")
    client = observed.seconds / observed.answered if observed.answered else None
    logged = observed.logged.mean if observed.logged else None
    exported = None
    if observed.observed and observed.observed_seconds is not None:
        exported = observed.observed_seconds / observed.observed
    if logged is not None and exported is not None and not _close(logged, exported):
        guilty = "metrics" if _farther(exported, logged, client) else "log"
        yield _differ(guilty, logged, exported, client, expected)
        return
    for view, mean in (("log", logged), ("metrics", exported)):
        if mean is not None and client is not None and mean > client + _SECONDS:
            yield replace(
                differ(view, f"mean latency {_ms(mean)} in the {view}", expected),
                why=f"the client measured {_ms(client)}, the network included",
                fix="check the unit: seconds in the histogram, in the log that of the contract.",
            )


def _differ(
    guilty: str, logged: float, exported: float, client: float | None, expected: Contract
) -> Finding:
    counts = f"mean latency {_ms(logged)} in the log, {_ms(exported)} in the metrics"
    measured = f"; the client measured {_ms(client)}" if client is not None else ""
    factor = max(logged, exported) / max(min(logged, exported), 1e-9)
    finding = differ(guilty, counts + measured, expected)
    if 700 < factor < 1400:
        return replace(
            finding, why=f"a factor of about 1000: {_UNITS[guilty]}", fix=_FIXES[guilty]
        )
    return replace(
        finding,
        why=f"{finding.why}, and they are {factor:.1f} times apart",
        fix="measure once, observe seconds into the histogram, and log the same value.",
    )


_UNITS = {
    "log": "seconds where milliseconds belong, or the other way round",
    "metrics": "milliseconds where seconds belong, or the other way round",
}
_FIXES = {
    "log": "log the unit the contract gives the field, or correct its `unit:` there.",
    "metrics": "observe seconds into the histogram; its name should end in `_seconds`.",
}


def _close(one: float, other: float) -> bool:
    return abs(one - other) <= max(_SHARE * max(one, other), _SECONDS)


def _farther(one: float, other: float, truth: float | None) -> bool:
    return truth is None or abs(one - truth) >= abs(other - truth)


def _ms(seconds: float) -> str:
    return f"{seconds:.4g} s" if seconds >= 1 else f"{seconds * 1000:.4g} ms"
