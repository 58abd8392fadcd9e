"""The query and the findings that the checks of agreement share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from toolkit.findings import Finding, Location, Subject, Unproven
from toolkit.model.contract import Contract, Scope
from toolkit.model.queries import Query

if TYPE_CHECKING:
    from toolkit.evidence.agreement import Agreement

_ADVICE = {
    "log": "look for lines that are lost, doubled, or not parsed; each request is logged once.",
    "metrics": "count each request once, in all workers, whatever becomes of it.",
}


def request_queries(expected: Contract, scope: Scope) -> Query[Agreement] | None:
    """Return the query for the requests, if the contract has two views of them."""
    return _views(scope) if _speaks_of(expected, "status", "requests") else None


def latency_queries(expected: Contract, scope: Scope) -> Query[Agreement] | None:
    """Return the same query, if one of the views has a latency."""
    return _views(scope) if _speaks_of(expected, "latency", "latency") else None


def _views(scope: Scope) -> Query[Agreement] | None:
    if scope.contract.service is None:
        return None
    # Imported only where the answers of a service can be compared with anything.
    from toolkit.evidence.agreement import agreement

    return agreement(scope)


def _speaks_of(contract: Contract, field: str, metric: str) -> bool:
    """Return True if a field of the log or a metric has that role."""
    fields = (each for logs in contract.logs for each in logs.fields.values())
    series = contract.metrics.series if contract.metrics else ()
    return any(f.role == field for f in fields) or any(s.role == metric for s in series)


def differ(view: str, what: str, contract: Contract) -> Finding:
    """Return the finding that a view differs from the requests sent.

    Args:
        view: ``log`` or ``metrics``.
        what: The difference.
        contract: The contract.
    """
    return Finding(
        what=what,
        where=Location(f"service:{view}"),
        why=f"{_promise(view, contract)} counts the same requests",
        fix=_ADVICE[view],
        follows=tuple(_causes(view, contract)),
    )


def absent(observed: Agreement, contract: Contract, role: str) -> Iterator[Unproven]:
    """Yield the metric of this role if it is not exported.

    Args:
        observed: The views of the requests.
        contract: The contract.
        role: ``requests`` or ``latency``.
    """
    series = contract.metrics.series if contract.metrics else ()
    for name in (each.name for each in series if each.role == role):
        if name not in observed.absent:
            continue
        yield Unproven.of(
            what=f"`{name}` is not exported, so nothing can be compared with it",
            where=Location("service:metrics"),
            why=f"{_promise('metrics', contract)} gives it a role",
            fix=f"export `{name}`, or correct its name in the contract.",
            follows=(Subject("metric", name),),
        )


def _promise(view: str, contract: Contract) -> str:
    if view == "log":
        return str(contract.logs[0].declared)
    return str(contract.metrics.declared if contract.metrics else contract.declared)


def _causes(view: str, contract: Contract) -> Iterator[Subject]:
    if view == "log":
        yield from (Subject("lines", each.name) for each in contract.logs)
        for each in contract.logs:
            yield from (Subject("field", name) for name, f in each.fields.items() if f.role)
    elif contract.metrics:
        yield from (Subject("metric", each.name) for each in contract.metrics.series if each.role)
