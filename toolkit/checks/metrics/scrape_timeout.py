"""A scrape may take longer than the time until the next one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from toolkit.checks import check
from toolkit.evidence.metrics.scrapes import Scrapes, scrapes
from toolkit.findings import Finding, Mark, Subject, Unproven
from toolkit.model.expectations.metrics import MetricsExpectation

_OPERATED = 30.0
"""The interval of the operator's own, in seconds, if nothing states one."""


@check(expects=MetricsExpectation, queries=lambda expected, scope: scrapes(scope))
def scrape_timeout(
    expected: MetricsExpectation, observed: Scrapes
) -> Iterator[Finding | Unproven]:
    """No scrape has a timeout that is longer than its interval.

    ## Why it matters
    Prometheus refuses a whole configuration with such a job, and the Prometheus Operator the
    monitor: nothing of it is scraped, and every rule on it is empty.

    ## How to fix it
    Make the timeout at most as long as the interval. Without a timeout it is ten seconds, or
    the interval if that is shorter.

    ## Reference
    https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config
    """
    for job in observed.jobs:
        timeout, interval = job.seconds("scrape_timeout"), job.seconds("scrape_interval")
        if timeout is None or timeout <= (_OPERATED if interval is None else interval):
            continue
        setting = job.settings["scrape_timeout"]
        than = job.setting("scrape_interval", "30s, the operator's own interval")
        finding = Finding(
            what=f"{job} has a timeout of {setting}, longer than its interval of {than}",
            where=setting.where,
            why="Prometheus refuses such a job, and the operator such a monitor",
            fix=f"write at most {than.partition(',')[0]}, or lengthen the interval.",
            breaks=(Subject("monitor", f"{job}"),),
        )
        if interval is None:
            yield Unproven(finding)
        else:
            mark = Mark("interval", job.settings["scrape_interval"].where)
            yield replace(finding, marks=(mark,))
