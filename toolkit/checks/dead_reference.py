"""A rule or a dashboard reads something that is not exported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from toolkit.checks import check
from toolkit.evidence.metrics.dashboards import Dashboards
from toolkit.evidence.metrics.dashboards import dashboards as shown
from toolkit.evidence.metrics.expositions import Expositions, expositions
from toolkit.evidence.metrics.references import MetricReference
from toolkit.evidence.metrics.rules import Rules, rules
from toolkit.findings import Finding, Subject, Unproven
from toolkit.model.expectations.metrics import MetricsExpectation
from toolkit.model.queries import both
from toolkit.prometheus.names import nearest
from toolkit.prometheus.origins import TARGET_LABELS, exporter
from toolkit.prometheus.samples import Series


@check(
    expects=MetricsExpectation,
    queries=lambda expected, scope: {"rules": both(rules(expected, scope), expositions(scope))},
)
def metrics(
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
    yield from _dead(read.references, read, exported, expected)


@check(
    expects=MetricsExpectation,
    queries=lambda expected, scope: {
        "dashboards": both(shown(expected, scope), expositions(scope))
    },
)
def dashboards(
    expected: MetricsExpectation, observed: tuple[Dashboards, Expositions]
) -> Iterator[Finding | Unproven]:
    """Every metric, label and value that a dashboard reads is exported.

    ## Why it matters
    A panel on a metric, a label or a value that does not exist shows "No data", which is what
    it also shows without any traffic. It is found out during the incident it was built for.

    ## How to fix it
    Correct the name in the panel, or export it. What other programs export belongs under
    `external:` in the contract.

    ## Reference
    https://grafana.com/docs/grafana/latest/datasources/prometheus/query-editor/
    """
    read, exported = observed
    yield from map(Unproven, read.unknown)
    yield from _dead(read.references, read.rules, exported, expected)


def _dead(
    references: Iterable[MetricReference],
    rules: Rules,
    exported: Expositions,
    expected: MetricsExpectation,
) -> Iterator[Finding | Unproven]:
    """Compare the references with the exported metrics; names with a colon come from rules."""
    added = TARGET_LABELS.union(expected.target_labels)
    for reference in references:
        metric = reference.selector.metric
        if ":" in metric or metric in rules.recorded or exporter(metric, expected.external):
            continue
        series = exported.after.named(metric)
        if series:
            yield from _labels(reference, series, added)
        else:
            yield _no_metric(reference, exported)


def _no_metric(reference: MetricReference, exported: Expositions) -> Finding:
    metric = reference.selector.metric
    family = exported.after.family(metric)
    return Finding(
        what=f"`{metric}` is read by {reference.reader}, and it is not exported",
        where=reference.locate(),
        why="an expression on a metric that does not exist is empty, never an error",
        fix=_advice(metric, exported),
        breaks=(Subject("reader", f"{reference.reader}"),),
        follows=_subjects(metric, family.name if family else ""),
    )


def _advice(metric: str, exported: Expositions) -> str:
    if exported.after.named(f"{metric}_bucket"):
        return f"it is a histogram, whose series are `{metric}_bucket`, `_sum` and `_count`."
    near = nearest(metric, exported.after.names())
    return f"did you mean `{near}`?" if near else "export it, or name it under `external:`."


def _subjects(metric: str, family: str) -> tuple[Subject, ...]:
    """The subjects of the names under which a contract may speak of ``metric``."""
    bare = metric
    for suffix in ("_bucket", "_sum", "_count"):
        bare = bare.removesuffix(suffix)
    names = dict.fromkeys(name for name in (metric, bare, family) if name)
    return tuple(Subject("metric", name) for name in names)


def _labels(
    reference: MetricReference, series: tuple[Series, ...], added: frozenset[str]
) -> Iterator[Finding | Unproven]:
    there = {name for each in series for name in each.labels}
    asked = (m.label for m in reference.selector.matchers if str(m) != f'{m.label}=""')
    wanted = (*asked, *reference.selector.labels)
    dead = [label for label in dict.fromkeys(wanted) if label not in there and label not in added]
    for label in dead:
        yield _no_label(reference, label, sorted(there))
    if not dead:
        yield from _values(reference, series, added)


def _no_label(reference: MetricReference, label: str, there: list[str]) -> Finding:
    metric = reference.selector.metric
    near = get_close_matches(label, there, n=1)
    others = ", ".join(f"`{name}`" for name in there) or "no labels"
    return Finding(
        what=f"`{metric}` has no label `{label}`, which {reference.reader} reads",
        where=reference.locate(label),
        why=f"a label that does not exist is empty in every series; `{metric}` has {others}",
        fix=f"did you mean `{near[0]}`?" if near else _ADD.format(label),
        breaks=(Subject("reader", f"{reference.reader}"),),
        follows=(Subject("metric", metric),),
    )


_ADD = "export `{0}`, or drop it; if Prometheus adds it, name it under `target_labels:`."


def _values(
    reference: MetricReference, series: tuple[Series, ...], added: frozenset[str]
) -> Iterator[Finding | Unproven]:
    matchers = [m for m in reference.selector.matchers if m.label not in added]
    if any(all(m.accepts(each.labels.get(m.label, "")) for m in matchers) for each in series):
        return
    for matcher in matchers:
        seen = sorted({each.labels.get(matcher.label, "") for each in series})
        if any(matcher.accepts(value) for value in seen):
            continue
        provoke = f"add a request to the contract that provokes `{matcher}`, or correct the value."
        finding = Finding(
            what=f"no series of `{reference.selector.metric}` has `{matcher}`",
            where=reference.locate(matcher.value),
            why=f"the values seen are {', '.join(seen[:8])}",
            fix="read an edge that exists, or add this one." if matcher.label == "le" else provoke,
            breaks=(Subject("reader", f"{reference.reader}"),),
        )
        # The edges of buckets are fixed; any other value may only not have occurred.
        yield finding if matcher.label == "le" else Unproven(finding)
