"""A rule or a dashboard reads a metric or a label that a well-known exporter does not have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

from toolkit.checks import check
from toolkit.evidence.metrics.dashboards import Dashboards
from toolkit.evidence.metrics.dashboards import dashboards as shown
from toolkit.evidence.metrics.references import MetricReference
from toolkit.evidence.metrics.rules import Rules, rules
from toolkit.findings import Finding, Subject, Unproven
from toolkit.model.contract import Scope
from toolkit.model.expectations.metrics import MetricsExpectation
from toolkit.model.grouping import grouped
from toolkit.model.queries import Declared, Query, both
from toolkit.prometheus.exporters import ExportedMetric, described, is_slip, newer, program_of
from toolkit.prometheus.origins import PROMETHEUS, TARGET_LABELS, exporter

_OF_SCRAPES = TARGET_LABELS | {"metrics_path"}
Versions = tuple[tuple[str, str], ...]


def _versions(scope: Scope) -> Query[Versions]:
    stated = scope.contract.deployment
    return Declared(tuple(stated.versions.items()) if stated else (), "versions", 10**9)


@check(
    expects=MetricsExpectation,
    queries=lambda expected, scope: {"exporters": both(rules(expected, scope), _versions(scope))},
)
def metrics(
    expected: MetricsExpectation, observed: tuple[Rules, Versions]
) -> Iterator[Finding | Unproven]:
    """Every metric of a well-known exporter that a rule reads exists, with its labels.

    ## Why it matters
    What is named under `external:` is not exported by the service, so a slip in its name is
    not seen there: the rule is empty, and the alert never fires.

    ## How to fix it
    Correct the name. The metrics of kube-state-metrics, node-exporter, cAdvisor and the kubelet
    are known here, by version; name the one that runs under `deployment: versions:`.

    ## Reference
    https://github.com/kubernetes/kube-state-metrics/tree/main/docs/metrics
    """
    read, versions = observed
    yield from _unexported(read.references, read, expected, dict(versions))


@check(
    expects=MetricsExpectation,
    queries=lambda expected, scope: {"exporters": both(shown(expected, scope), _versions(scope))},
)
def dashboards(
    expected: MetricsExpectation, observed: tuple[Dashboards, Versions]
) -> Iterator[Finding | Unproven]:
    """Every metric of a well-known exporter that a panel reads exists, with its labels.

    ## Why it matters
    What is named under `external:` is not exported by the service, so a slip in its name is
    not seen there: the panel shows "No data".

    ## How to fix it
    Correct the name. The metrics of kube-state-metrics, node-exporter, cAdvisor and the kubelet
    are known here, by version; name the one that runs under `deployment: versions:`.

    ## Reference
    https://github.com/kubernetes/kube-state-metrics/tree/main/docs/metrics
    """
    read, versions = observed
    yield from _unexported(read.references, read.rules, expected, dict(versions))


def _unexported(
    references: Iterable[MetricReference],
    rules: Rules,
    expected: MetricsExpectation,
    versions: Mapping[str, str],
) -> Iterator[Finding | Unproven]:
    """Yield one result for each metric, and for each of its labels."""
    of_others = (
        (each.selector.metric, each)
        for each in references
        if each.selector.metric not in rules.recorded
        and exporter(each.selector.metric, expected.external) not in (None, PROMETHEUS)
    )
    for metric, read in grouped(of_others).items():
        found = described(metric)
        if found is None:
            yield from _unknown(metric, read)
        else:
            yield from _of_version(read, found, versions.get(found.program.name))
            yield from _labels(read, found, expected)


def _readers(read: Sequence[MetricReference]) -> str:
    more = f" and {len(read) - 1} more" if len(read) > 1 else ""
    return f"{read[0].reader}{more}"


def _breaks(read: Sequence[MetricReference]) -> tuple[Subject, ...]:
    return tuple(Subject("reader", f"{each.reader}") for each in read)


def _unknown(metric: str, read: Sequence[MetricReference]) -> Iterator[Finding | Unproven]:
    program = program_of(metric)
    if program is None or not program.closed(metric):
        return
    near = program.suggestion(metric)
    finding = Finding(
        what=f"{program.name} has no metric `{metric}`, which {_readers(read)} reads",
        where=read[0].locate(),
        why=f"its versions {' to '.join(dict.fromkeys(program.versions))} do not export it",
        fix=f"did you mean `{near}`?" if near else "correct the name, or record it by a rule.",
        breaks=_breaks(read),
    )
    certain = near and program.old and is_slip(metric, near)
    yield finding if certain else Unproven(finding)


def _of_version(
    read: Sequence[MetricReference], found: ExportedMetric, version: str | None
) -> Iterator[Finding | Unproven]:
    """Yield a metric that the version that runs does not have, or that only old ones had."""
    gone = found.until and (version is None or newer(version, found.until))
    early = found.since and version is not None and newer(found.since, version)
    if not gone and not early:
        return
    span, name = f"up to {found.until}" if gone else f"from {found.since} on", found.program.name
    finding = Finding(
        what=f"{name} has `{read[0].selector.metric}`, which {_readers(read)} reads, {span} only",
        where=read[0].locate(),
        why=f"version {version} runs, by the contract",
        fix="read what the version that runs exports.",
        breaks=_breaks(read),
    )
    if version is not None:
        yield finding
        return
    stated = f"name the version that runs: `deployment: {{versions: {{{name}: …}}}}`."
    yield Unproven(replace(finding, why="which version runs is not known", fix=stated))


def _labels(
    read: Sequence[MetricReference], found: ExportedMetric, expected: MetricsExpectation
) -> Iterator[Finding | Unproven]:
    added = _OF_SCRAPES.union(expected.target_labels)
    asked = ((label, each) for each in read for label in _asked(each))
    for label, reading in grouped(asked).items():
        if label in added or label.startswith(("exported_", "__")) or found.has(label):
            continue
        own = found.labels or ()
        known = [*own, *found.program.labels, *sorted(added)]
        near = get_close_matches(label, [e for e in known if "*" not in e], n=1, cutoff=0.8)
        listed = ", ".join(f"`{each}`" for each in own) or "no labels of its own"
        metric = reading[0].selector.metric
        finding = Finding(
            what=f"`{metric}` has no label `{label}`, which {_readers(reading)} reads",
            where=reading[0].locate(label),
            why=f"{found.program.name} gives it {listed}",
            fix="if a scrape adds it, name it under `target_labels:`.",
            breaks=_breaks(reading),
        )
        yield replace(finding, fix=f"did you mean `{near[0]}`?") if near else Unproven(finding)


def _asked(reference: MetricReference) -> Iterator[str]:
    """The labels that a reference needs."""
    selector = reference.selector
    asked = (m.label for m in selector.matchers if str(m) != f'{m.label}=""')
    return iter(dict.fromkeys((*asked, *selector.labels)))
