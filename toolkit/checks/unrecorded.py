"""A rule or a dashboard reads what a recording rule should make, and none does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches
from functools import cache

from toolkit.checks import check
from toolkit.evidence.metrics.dashboards import Dashboards
from toolkit.evidence.metrics.dashboards import dashboards as shown
from toolkit.evidence.metrics.references import MetricReference
from toolkit.evidence.metrics.rules import Rules, rules
from toolkit.findings import Finding, Subject, Unproven
from toolkit.model.expectations.metrics import MetricsExpectation
from toolkit.prometheus.origins import exporter


@check(
    expects=MetricsExpectation, queries=lambda expected, scope: {"rules": rules(expected, scope)}
)
def metrics(expected: MetricsExpectation, observed: Rules) -> Iterator[Finding | Unproven]:
    """Every metric with a colon in its name is made by a recording rule.

    ## Why it matters
    Exporters may not use colons, so such a name can only come from a recording rule. If no
    rule records it, whatever reads it is empty: the alert stays silent for ever.

    ## How to fix it
    Correct the name, or add the recording rule. Rule files that Prometheus loads belong under
    `rules:`; what rules elsewhere record, under `external:`.

    ## Reference
    https://prometheus.io/docs/practices/rules/
    """
    yield from _unrecorded(observed.references, observed, expected)


@check(
    expects=MetricsExpectation,
    queries=lambda expected, scope: {"dashboards": shown(expected, scope)},
)
def dashboards(expected: MetricsExpectation, observed: Dashboards) -> Iterator[Finding | Unproven]:
    """Every metric with a colon in its name that a dashboard reads is made by a recording rule.

    ## Why it matters
    Exporters may not use colons, so such a name can only come from a recording rule. If no
    rule records it, the panel is empty for ever.

    ## How to fix it
    Correct the name, or add the recording rule. Rule files that Prometheus loads belong under
    `rules:`; what rules elsewhere record, under `external:`.

    ## Reference
    https://prometheus.io/docs/practices/rules/
    """
    yield from _unrecorded(observed.references, observed.rules, expected)


def _unrecorded(
    references: Iterable[MetricReference], rules: Rules, expected: MetricsExpectation
) -> Iterator[Finding | Unproven]:
    recorded = sorted(rules.recorded)
    nearest = cache(lambda metric: get_close_matches(metric, recorded, n=1))
    for reference in references:
        metric = reference.selector.metric
        if ":" not in metric or metric in rules.recorded or exporter(metric, expected.external):
            continue
        known = "" if rules.doubt is None else " that is known"
        near = nearest(metric)
        finding = Finding(
            what=f"`{metric}` is read by {reference.reader}, and no rule{known} records it",
            where=reference.locate(),
            why="names with a colon come from recording rules only",
            fix=f"did you mean `{near[0]}`?" if near else "add the recording rule.",
            breaks=(Subject("reader", f"{reference.reader}"),),
        )
        if rules.doubt is None:
            yield finding
            continue
        why, fix = f"{finding.why}, and {rules.doubt[0]}", rules.doubt[1]
        yield Unproven(replace(finding, why=why, fix=fix, follows=(Subject("rules"),)))
