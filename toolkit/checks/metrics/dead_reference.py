"""A rule reads something that is not exported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from toolkit.checks import check
from toolkit.checks._references import dead_references
from toolkit.evidence.metrics.expositions import Expositions, expositions
from toolkit.evidence.metrics.rules import Rules, rules
from toolkit.findings import Finding, Unproven
from toolkit.model.contract import Scope
from toolkit.model.expectations.metrics import MetricsExpectation
from toolkit.model.queries import Pair, Query


def _queries(
    expected: MetricsExpectation, scope: Scope
) -> Mapping[str, Query[tuple[Rules, Expositions]]]:
    read = rules(expected)
    return {"rules": Pair(read, expositions(scope))} if read else {}


@check(expects=MetricsExpectation, queries=_queries)
def dead_reference(
    expected: MetricsExpectation, observed: tuple[Rules, Expositions]
) -> Iterator[Finding | Unproven]:
    """Every metric, label and value that a rule reads is exported.

    ## Why it matters
    PromQL has no errors for names: a metric, a label or a value that does not exist gives
    an empty result. The alert is shown as healthy, and it can never ring.

    ## How to fix it
    Correct the name in the rule, or export it. What other programs export belongs under
    `external:` in the contract. A value that only did not happen to occur can be provoked
    by another request in the contract.

    ## Reference
    https://prometheus.io/docs/prometheus/latest/querying/basics/
    """
    read, exported = observed
    yield from dead_references(read.references, read.recorded(), exported, expected)
