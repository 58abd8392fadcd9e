"""A rule looks at a window in which there are too few samples."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.evidence.metrics.rules import rules
from toolkit.evidence.metrics.selection import Selected, Selection, selection
from toolkit.findings import Finding, Mark, Severity, Subject
from toolkit.model.expectations.metrics import MetricsExpectation

_OF_TWO = frozenset({"delta", "deriv", "idelta", "increase", "irate", "predict_linear", "rate"})
"""Functions that need two samples."""


@check(expects=MetricsExpectation, queries=selection(rules))
def scrape_window(expected: MetricsExpectation, observed: Selection) -> Iterator[Finding]:
    """Every window of `rate` and the like holds two scrapes at least.

    ## Why it matters
    `rate(x[30s])` needs two samples within 30 s. Where a scrape comes every 30 s there is
    mostly one: the result is empty, and the alert never fires. With less than two intervals
    it is empty every now and then, and whenever one scrape fails.

    ## How to fix it
    Make the window at least four times the interval of the scrapes.

    ## Reference
    https://prometheus.io/docs/prometheus/latest/querying/functions/#rate
    """
    for each in observed.of_targets(expected):
        selector = each.reference.selector
        if selector.window and not _OF_TWO.isdisjoint(selector.functions):
            yield from _short(each, selector.window)


def _short(selected: Selected, window: float) -> Iterator[Finding]:
    jobs = [job for job in selected.jobs() if selected.fits(job) is not False]
    intervals = [job.seconds("scrape_interval") for job in jobs]
    known = [each for each in intervals if each is not None]
    if not known or None in intervals or window >= 2 * min(known):
        return
    interval = min(known)
    job = jobs[known.index(interval)]
    reference, held = selected.reference, "one" if window <= interval else "one or two"
    yield Finding(
        what=f"{reference.reader} looks at {window:g} s of `{reference.selector.metric}`,"
        f" scraped every {interval:g} s",
        where=reference.locate(),
        why=f"the function needs two samples, and that window holds {held}",
        fix=f"write a window of {4 * interval:g}s or more.",
        marks=(Mark("interval", job.settings["scrape_interval"].where),),
        severity=Severity.ERROR if window <= interval else Severity.WARNING,
        breaks=(Subject("reader", f"{reference.reader}"),),
    )
