"""A rule file, a dashboard, or an expression in them, cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.evidence.metrics.dashboards import Dashboards
from toolkit.evidence.metrics.dashboards import dashboards as shown
from toolkit.evidence.metrics.rules import Rules, rules
from toolkit.findings import Finding
from toolkit.model.checks import Asked
from toolkit.model.contract import Scope
from toolkit.model.expectations.metrics import MetricsExpectation
from toolkit.model.queries import SubjectsOf


def _expressions(found: Rules) -> tuple[object, ...]:
    return found.rules or found.faults


def _rules(expected: MetricsExpectation, scope: Scope) -> Asked[Rules]:
    found = rules(expected, scope)
    return {"rules": found and SubjectsOf(found, _expressions, "rules", promised=True)}


@check(expects=MetricsExpectation, queries=_rules)
def metrics(expected: MetricsExpectation, observed: Rules) -> Iterator[Finding]:
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


@check(
    expects=MetricsExpectation,
    queries=lambda expected, scope: {"dashboards": shown(expected, scope)},
)
def dashboards(expected: MetricsExpectation, observed: Dashboards) -> Iterator[Finding]:
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
