"""A rule reads what a recording rule should make, and none does."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from toolkit.checks import check
from toolkit.evidence.rules import Rules, rules
from toolkit.findings import Finding
from toolkit.model.expectations.metrics import MetricsExpectation
from toolkit.prometheus.origins import prefixes

__all__ = ["unrecorded"]


@check(
    expects=MetricsExpectation,
    asks=lambda expected, scope: {"rules": query} if (query := rules(expected)) else {},
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
    recorded = sorted(observed.recorded())
    elsewhere = prefixes(expected.external)
    for reference in observed.references:
        metric = reference.selector.metric
        if ":" not in metric or metric in recorded or metric.startswith(elsewhere):
            continue
        near = get_close_matches(metric, recorded, n=1)
        yield Finding(
            what=f"`{metric}` is read by {reference.reader}, and no rule records it",
            where=reference.locate(),
            why="names with a colon come from recording rules only",
            fix=f"did you mean `{near[0]}`?" if near else "add the recording rule.",
            breaks=(reference.reader,),
        )
