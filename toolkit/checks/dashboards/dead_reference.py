"""A dashboard reads something that is not exported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from toolkit.checks import check
from toolkit.checks._references import dead_references
from toolkit.evidence.metrics.dashboards import Dashboards, dashboards
from toolkit.evidence.metrics.expositions import Expositions, expositions
from toolkit.findings import Finding, Unproven
from toolkit.model.contract import Scope
from toolkit.model.expectations.metrics import MetricsExpectation
from toolkit.model.queries import Pair, Query


def _queries(
    expected: MetricsExpectation, scope: Scope
) -> Mapping[str, Query[tuple[Dashboards, Expositions]]]:
    read = dashboards(expected)
    return {"dashboards": Pair(read, expositions(scope))} if read else {}


@check(expects=MetricsExpectation, queries=_queries)
def dead_reference(
    expected: MetricsExpectation, observed: tuple[Dashboards, Expositions]
) -> Iterator[Finding | Unproven]:
    """Every metric, label and value that a dashboard reads is exported.

    ## Why it matters
    A panel on a metric, a label or a value that does not exist shows "No data", which is what
    it also shows without any traffic. It is found out during the incident it was built for.

    ## How to fix it
    Correct the name in the panel, or export it. What other programs export belongs under
    `external:` in the contract.

    ## Reference
    https://grafana.com/docs/grafana/latest/datasources/prometheus/query-editor/
    """
    read, exported = observed
    yield from map(Unproven, read.unknown)
    yield from dead_references(read.references, read.recorded, exported, expected)
