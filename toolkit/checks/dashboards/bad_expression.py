"""An expression of a dashboard cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.evidence.metrics.dashboards import Dashboards, dashboards
from toolkit.findings import Finding
from toolkit.model.expectations.metrics import MetricsExpectation


@check(
    expects=MetricsExpectation,
    queries=lambda expected, scope: {"dashboards": q} if (q := dashboards(expected)) else {},
)
def bad_expression(expected: MetricsExpectation, observed: Dashboards) -> Iterator[Finding]:
    """Every expression of a dashboard is PromQL once its variables are written out.

    ## Why it matters
    Grafana saves any text. The panel then shows a small red corner instead of data, on a
    dashboard that is not looked at until there is an incident.

    ## How to fix it
    Correct the expression; Explore in Grafana shows the error of Prometheus.

    ## Reference
    https://prometheus.io/docs/prometheus/latest/querying/basics/
    """
    yield from observed.faults
