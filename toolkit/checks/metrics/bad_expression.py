"""A rule file, or an expression in it, cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.evidence.metrics.rules import Rules, rules
from toolkit.findings import Finding
from toolkit.model.expectations.metrics import MetricsExpectation


@check(
    expects=MetricsExpectation,
    queries=lambda expected, scope: {"rules": query} if (query := rules(expected)) else {},
)
def bad_expression(expected: MetricsExpectation, observed: Rules) -> Iterator[Finding]:
    """Every rule file can be read, and every expression in it is PromQL.

    ## Why it matters
    Prometheus refuses a rule file as a whole: one expression that cannot be read takes all
    alerts of the file away. With the Prometheus Operator only its own log has the error.

    ## How to fix it
    Correct the expression. `promtool check rules` reads it as Prometheus does.

    ## Reference
    https://prometheus.io/docs/prometheus/latest/querying/basics/
    """
    yield from observed.faults
