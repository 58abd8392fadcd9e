"""A scrape refuses as many series as the service exports."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.evidence.metrics.expositions import Expositions, known_expositions
from toolkit.evidence.metrics.scrapes import Scrapes, scrapes
from toolkit.findings import Finding, Subject, Unproven
from toolkit.model.contract import Scope
from toolkit.model.expectations.metrics import MetricsExpectation
from toolkit.model.queries import Query, both
from toolkit.prometheus.scraping.jobs import ScrapeJob
from toolkit.prometheus.scraping.labels import Labels
from toolkit.prometheus.scraping.relabeling import relabeled


def _queries(
    expected: MetricsExpectation, scope: Scope
) -> Query[tuple[Scrapes, Expositions]] | None:
    return both(scrapes(scope), known_expositions(scope))


@check(expects=MetricsExpectation, queries=_queries)
def scrape_limit(
    expected: MetricsExpectation, observed: tuple[Scrapes, Expositions]
) -> Iterator[Finding | Unproven]:
    """No scrape has a limit below the number of series that the service exports.

    ## Why it matters
    A scrape with one series too many is refused as a whole: the target is down, and all of its
    metrics are gone, mostly when a new label value comes up under load.

    ## How to fix it
    Raise `sampleLimit` or `sample_limit` well above what is exported, or export fewer series.

    ## Reference
    https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config
    """
    scraped, exported = observed
    jobs = scraped.of_service()
    for job in jobs:
        stated = job.setting("sample_limit")
        limit = int(stated) if stated.isdigit() else 0
        kept = _kept(job, exported) if limit else 0
        if kept <= limit:
            continue
        finding = Finding(
            what=f"{job} takes {limit} series at most, and the service exports {kept}",
            where=job.settings["sample_limit"].where,
            why="Prometheus refuses a scrape with more series than that as a whole",
            fix=f"raise the limit well above {kept}, or export fewer series.",
            breaks=(Subject("monitor", f"{job}"),),
        )
        yield finding if len(jobs) == 1 else Unproven(finding)


def _kept(job: ScrapeJob, exported: Expositions) -> int:
    """The number of series after the relabeling of the job."""
    series = (Labels({"__name__": each.name, **each.labels}) for each in exported.after)
    return sum(isinstance(relabeled(each, job.metric_relabelings), Labels) for each in series)
