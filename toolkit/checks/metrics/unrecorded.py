"""A rule reads what a recording rule should make, and none does."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.checks._references import unrecorded_references
from toolkit.evidence.metrics.rules import Rules, rules
from toolkit.findings import Finding
from toolkit.model.expectations.metrics import MetricsExpectation


@check(
    expects=MetricsExpectation,
    queries=lambda expected, scope: {"rules": query} if (query := rules(expected)) else {},
)
def unrecorded(expected: MetricsExpectation, observed: Rules) -> Iterator[Finding]:
    """Every metric with a colon in its name is made by a recording rule.

    ## Why it matters
    Exporters may not use colons, so such a name can only come from a recording rule. If no
    rule records it, whatever reads it is empty: the alert stays silent for ever.

    ## How to fix it
    Correct the name, or add the recording rule. What rules elsewhere record belongs under
    `external:`.

    ## Reference
    https://prometheus.io/docs/practices/rules/
    """
    yield from unrecorded_references(observed.references, observed.recorded(), expected)
