"""A rule or a dashboard selects a target that no scrape gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches

from toolkit.checks import check
from toolkit.evidence.metrics.dashboards import dashboards as shown
from toolkit.evidence.metrics.rules import rules
from toolkit.evidence.metrics.selection import Selected, Selection, selection
from toolkit.findings import Finding, Mark, Subject, Unproven
from toolkit.kubernetes.selectors import alike
from toolkit.model.expectations.metrics import MetricsExpectation
from toolkit.model.grouping import grouped
from toolkit.prometheus.origins import operated_job
from toolkit.prometheus.selectors import Matcher


@check(expects=MetricsExpectation, queries=selection(rules))
def metrics(expected: MetricsExpectation, observed: Selection) -> Iterator[Finding | Unproven]:
    """Every rule selects targets that are scraped: by `job`, `namespace` and the like.

    ## Why it matters
    Prometheus gives each target its labels. A rule on `job="shop"` where the job is called
    `shop-service` is no error: it is empty for ever, and the alert never fires.

    ## How to fix it
    Select by the labels that the scrape gives. A ServiceMonitor gives the name of the Service
    as `job`, a PodMonitor its own namespace and name, a `prometheus.yml` its `job_name`.

    ## Reference
    https://prometheus.io/docs/concepts/jobs_instances/
    """
    yield from _unscraped(observed.of_targets(expected), observed)


@check(expects=MetricsExpectation, queries=selection(shown))
def dashboards(expected: MetricsExpectation, observed: Selection) -> Iterator[Finding | Unproven]:
    """Every panel selects targets that are scraped: by `job`, `namespace` and the like.

    ## Why it matters
    Prometheus gives each target its labels. A panel on `job="shop"` where the job is called
    `shop-service` shows "No data", as it would without any traffic.

    ## How to fix it
    Select by the labels that the scrape gives. A ServiceMonitor gives the name of the Service
    as `job`, a PodMonitor its own namespace and name, a `prometheus.yml` its `job_name`.

    ## Reference
    https://prometheus.io/docs/concepts/jobs_instances/
    """
    yield from _unscraped(observed.of_targets(expected), observed)


def _unscraped(selected: Iterable[Selected], observed: Selection) -> Iterator[Finding | Unproven]:
    """Yield one result for all references with the same matchers."""
    lost = ((_fault(each), each) for each in selected)
    for (wrong, answer), each in grouped((fault, e) for fault, e in lost if fault).items():
        if wrong.label == "job" and observed.scrapes.by_chart and operated_job(wrong):
            continue
        finding = _finding(wrong, each)
        if answer is None:
            what = finding.what.replace("no", "perhaps no", 1)
            yield Unproven(replace(finding, what=what, fix=_FIX.format(wrong.label)))
        elif observed.scrapes.further is not None:
            why = f"{finding.why}; {observed.scrapes.further} adds scrapes that are not read"
            yield Unproven(replace(finding, why=why))
        elif each[0].by_server and observed.scrapes.operated and not _is_meant(wrong, each[0]):
            why = f"{finding.why}; a monitor that is not among the manifests may give another"
            yield Unproven(replace(finding, why=why))
        else:
            yield finding


def _fault(selected: Selected) -> tuple[Matcher, bool | None] | None:
    """The matcher that no target fits, False or None if that is not known; None if all is well."""
    matchers = selected.matchers()
    answers = [selected.fits(job) for job in selected.jobs()] if matchers else [True]
    if True in answers:
        return None
    targets = [t for job in selected.jobs() for t in selected.target_labels(job)]
    refused = [[m for m in matchers if target.accepted(m) is not True] for target in targets]
    nearest = min(filter(None, refused), key=len, default=matchers)
    return nearest[0], None if None in answers else False


def _is_meant(wrong: Matcher, selected: Selected) -> bool:
    """True if a target here is meant: by another matcher, or by a name of it but for a slip."""
    jobs, others = selected.jobs(), [m for m in selected.matchers() if m != wrong]
    if others and any(each.fits(others) for job in jobs for each in job.targets):
        return True
    given = {value for job in jobs for each in (*job.found, *job.targets) for value in each.texts}
    return wrong.value in given or any(alike(wrong.value, each) for each in given)


def _finding(wrong: Matcher, selected: list[Selected]) -> Finding:
    first, *others = selected
    jobs = first.jobs()
    given = sorted(
        {v for job in jobs for t in job.targets if (v := t.get(wrong.label))} - {wrong.value}
    )
    near = get_close_matches(wrong.value, given, n=1, cutoff=0.6)
    also = f" and {len(others)} more" if others else ""
    listed = ", ".join(f"`{each}`" for each in given[:4]) or "no value that is known"
    return Finding(
        what=f"no target has `{wrong}`, which {first.reference.reader}{also} selects",
        where=first.reference.locate(wrong.value),
        why=f"the label `{wrong.label}` of the targets has {listed}",
        fix=f'did you mean `{wrong.label}="{near[0]}"`?' if near else _FIX.format(wrong.label),
        marks=tuple(Mark("scraped", job.where) for job in jobs[:1]),
        breaks=tuple(Subject("reader", f"{each.reference.reader}") for each in selected),
        follows=tuple(Subject("monitor", f"{job}") for job in jobs),
    )


_FIX = (
    "select by a label that the scrape gives; one that Prometheus gets elsewhere belongs under"
    " `target_labels: [{0}]`."
)
