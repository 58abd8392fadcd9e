"""A rule file, or an expression in it, cannot be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from toolkit.checks import check
from toolkit.evidence.metrics.rules import Rules, rules
from toolkit.findings import Finding
from toolkit.model.contract import Scope
from toolkit.model.expectations.metrics import MetricsExpectation
from toolkit.model.queries import Query, SubjectsOf


def _expressions(found: Rules) -> tuple[object, ...]:
    return found.rules or found.faults


def _queries(expected: MetricsExpectation, scope: Scope) -> Mapping[str, Query[Rules]]:
    query = rules(expected)
    return {"rules": SubjectsOf(query, _expressions, "rules", promised=True)} if query else {}


@check(
    expects=MetricsExpectation,
    queries=_queries,
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
