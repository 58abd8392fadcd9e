"""Requests are answered otherwise than promised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from toolkit.checks import check
from toolkit.evidence.service.traffic import ServiceRun, Traffic
from toolkit.findings import Finding, Location
from toolkit.model.expectations.service import ServiceExpectation


@check(expects=ServiceExpectation, queries=lambda expected, scope: ServiceRun(expected))
def answers(expected: ServiceExpectation, observed: Traffic) -> Iterator[Finding]:
    """Every request is answered with the status the contract promises.

    ## Why it matters
    Everything else is measured on these requests. If they are not answered as they should
    be, lines and metrics describe another traffic than the one that was meant.

    ## How to fix it
    Send the request by hand. Correct the service, or the `status:` of the request.

    ## Reference
    https://www.rfc-editor.org/rfc/rfc9110.html#name-status-codes
    """
    wrong = Counter(
        (each.request.name, each.status, each.request.expected)
        for each in observed.exchanges
        if not each.request.hostile and each.status != each.request.expected
    )
    for (name, status, wanted), times in wrong.items():
        got = "no answer" if status is None else f"`{status}`"
        yield Finding(
            what=f"`{name}` got {got} {times} times, not `{wanted}`",
            where=Location(f"service:{name}"),
            why=f"{expected.declared} promises {wanted}",
            fix=f"send `{name}` by hand, then correct the service or the contract.",
        )
