"""A counter an alert reads appears only with its first event."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.evidence.metrics.expositions import Expositions, live_expositions
from toolkit.evidence.metrics.references import MetricReference
from toolkit.evidence.metrics.rules import Rules, alerts, rules
from toolkit.findings import Finding, Subject
from toolkit.model.expectations.metrics import MetricsExpectation
from toolkit.model.queries import both
from toolkit.prometheus.origins import TARGET_LABELS, exporter
from toolkit.prometheus.samples import Series
from toolkit.prometheus.selectors import VectorSelector


@check(
    expects=MetricsExpectation,
    queries=lambda expected, scope: {
        "rules": both(rules(expected, scope), live_expositions(scope))
    },
)
def zero_initialised(
    expected: MetricsExpectation, observed: tuple[Rules, Expositions]
) -> Iterator[Finding]:
    """Every series an alert reads without a guard is there before its first event.

    ## Why it matters
    `rate()` needs two samples. A counter that appears with its first error starts at 1: the
    jump from nothing to 1 is invisible, and a ratio with an empty side is empty. The first
    errors after each deployment ring no alert.

    ## How to fix it
    Touch the label sets an alert reads when the service starts (in Python:
    `counter.labels(status="500")`), or guard the expression with `or vector(0)`.

    ## Reference
    https://prometheus.io/docs/practices/instrumentation/#avoid-missing-metrics
    """
    read, exported = observed
    added = TARGET_LABELS.union(expected.target_labels)
    reported: set[str] = set()
    for reference in alerts(read):
        selector = reference.selector
        known = exported.after.named(selector.metric)
        others = exporter(selector.metric, expected.external)
        if selector.guarded or not known or others:
            continue
        there = _there(selector, exported.first.named(selector.metric), added)
        if not there and str(selector) not in reported:
            reported.add(str(selector))
            yield _late(reference)


def _there(selector: VectorSelector, series: tuple[Series, ...], added: frozenset[str]) -> bool:
    own = [matcher for matcher in selector.matchers if matcher.label not in added]
    return any(all(m.accepts(each.labels.get(m.label, "")) for m in own) for each in series)


def _late(reference: MetricReference) -> Finding:
    selector = reference.selector
    return Finding(
        what=f"`{selector}` has no series before the first such request",
        where=reference.locate(),
        why=f"{reference.reader} reads it without a guard: the first increase is invisible",
        fix="create the label sets at 0 when the service starts, or add `or vector(0)`.",
        follows=(Subject("reader", f"{reference.reader}"), Subject("metric", selector.metric)),
    )
