"""A dashboard reads what a recording rule should make, and none does."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.checks._references import unrecorded_references
from toolkit.evidence.metrics.dashboards import Dashboards, dashboards
from toolkit.findings import Finding
from toolkit.model.expectations.metrics import MetricsExpectation


@check(
    expects=MetricsExpectation,
    queries=lambda expected, scope: {"dashboards": q} if (q := dashboards(expected)) else {},
)
def unrecorded(expected: MetricsExpectation, observed: Dashboards) -> Iterator[Finding]:
    """Every metric with a colon in its name that a dashboard reads is made by a recording rule.

    ## Why it matters
    Exporters may not use colons, so such a name can only come from a recording rule. If no
    rule records it, the panel is empty for ever.

    ## How to fix it
    Correct the name, or add the recording rule. What rules elsewhere record belongs under
    `external:`.

    ## Reference
    https://prometheus.io/docs/practices/rules/
    """
    yield from unrecorded_references(observed.references, observed.recorded, expected)
