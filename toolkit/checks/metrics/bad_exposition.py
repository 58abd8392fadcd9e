"""A scrape is not in Prometheus's text format."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.findings import Finding
from toolkit.model.contract import Contract, Scope
from toolkit.model.queries import Query


def _queries(expected: Contract, scope: Scope) -> Query[tuple[Finding, ...]] | None:
    if not (expected.service or expected.metrics):
        return None
    # Every contract is asked: only now is there something to import it for.
    from toolkit.evidence.metrics.expositions import scrape_errors

    return scrape_errors(scope)


@check(expects=Contract, queries=_queries)
def bad_exposition(expected: Contract, observed: tuple[Finding, ...]) -> Iterator[Finding]:
    """Prometheus can read what the service exports.

    ## Why it matters
    Prometheus drops a scrape as a whole: one line that it cannot read takes every metric of
    the service away. `up` is then 0, and all alerts on its metrics stay silent.

    ## How to fix it
    Export with a client library of Prometheus. `promtool check metrics` reads a scrape as
    Prometheus does.

    ## Reference
    https://prometheus.io/docs/instrumenting/exposition_formats/
    """
    yield from observed
