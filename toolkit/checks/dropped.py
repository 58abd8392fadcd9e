"""A scrape drops or renames what a rule or a dashboard reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from toolkit.checks import check
from toolkit.evidence.metrics.dashboards import dashboards as shown
from toolkit.evidence.metrics.rules import rules
from toolkit.evidence.metrics.selection import Selected, Selection, selection
from toolkit.findings import Finding, Mark, Subject
from toolkit.model.expectations.metrics import MetricsExpectation
from toolkit.model.grouping import grouped
from toolkit.prometheus.scraping.relabeling import Relabeling


@check(expects=MetricsExpectation, queries=selection(rules))
def metrics(expected: MetricsExpectation, observed: Selection) -> Iterator[Finding]:
    """No relabeling of a scrape drops the series that a rule reads, or renames them.

    ## Why it matters
    `metricRelabelings` and `metric_relabel_configs` come last, after the service has exported
    a metric. What they drop is on the service's own page, and yet not in Prometheus: the rule
    is empty, and the alert never fires.

    ## How to fix it
    Leave out of the relabeling what is read. Its regular expression must match a whole name:
    `http_.*` takes all that begin with `http_`.

    ## Reference
    https://prometheus.io/docs/prometheus/latest/configuration/configuration/#metric_relabel_configs
    """
    yield from _dropped(observed.of_targets(expected))


@check(expects=MetricsExpectation, queries=selection(shown))
def dashboards(expected: MetricsExpectation, observed: Selection) -> Iterator[Finding]:
    """No relabeling of a scrape drops the series that a panel reads, or renames them.

    ## Why it matters
    `metricRelabelings` and `metric_relabel_configs` come last, after the service has exported
    a metric. What they drop is on the service's own page, and yet not in Prometheus: the panel
    shows "No data".

    ## How to fix it
    Leave out of the relabeling what is read. Its regular expression must match a whole name:
    `http_.*` takes all that begin with `http_`.

    ## Reference
    https://prometheus.io/docs/prometheus/latest/configuration/configuration/#metric_relabel_configs
    """
    yield from _dropped(observed.of_targets(expected))


def _dropped(selected: Iterable[Selected]) -> Iterator[Finding]:
    """Yield one finding for each relabeling."""
    found = ((each.dropped_by(), each) for each in selected if not each.by_server)
    for step, lost in grouped((step, each) for step, each in found if step).items():
        yield _finding(step, [each.reference.selector.metric for each in lost], lost)


def _finding(step: Relabeling, names: list[str], lost: list[Selected]) -> Finding:
    first = lost[0].reference
    others = f" and {len(set(names)) - 1} more metrics" if len(set(names)) > 1 else ""
    doing = {"drop": "drops", "keep": "does not keep", "labeldrop": "takes a label from"}
    return Finding(
        what=f"a relabeling {doing.get(step.action, 'changes')} `{names[0]}`{others}, which"
        f" {first.reader} reads",
        where=step.where,
        why=f"what it leaves is all that Prometheus stores; its expression is `{step.regex}`",
        fix=f"leave `{names[0]}` out of it, or read what it leaves.",
        marks=(Mark("read", first.locate()),),
        breaks=(
            *(Subject("reader", f"{each.reference.reader}") for each in lost),
            *(Subject("metric", name) for name in names),
        ),
    )
