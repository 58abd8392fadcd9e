"""Selectors of rules and dashboards, beside the targets whose series they select."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, Generic, TypeVar

from toolkit.errors import Unavailable
from toolkit.evidence.metrics.dashboards import Dashboards
from toolkit.evidence.metrics.expositions import Expositions, known_expositions
from toolkit.evidence.metrics.references import MetricReference
from toolkit.evidence.metrics.rules import Rules
from toolkit.evidence.metrics.scrapes import Scrapes, scrapes
from toolkit.model.contract import Scope
from toolkit.model.expectations.metrics import MetricsExpectation
from toolkit.model.queries import Answer, Derived, Query, QueryFailure
from toolkit.prometheus.origins import PROMETHEUS, exporter
from toolkit.prometheus.scraping.jobs import ScrapeJob
from toolkit.prometheus.scraping.labels import Labels
from toolkit.prometheus.scraping.relabeling import Relabeling, relabeled
from toolkit.prometheus.selectors import Matcher

ReadT = TypeVar("ReadT", Rules, Dashboards)
_OF_TARGETS = ("job", "instance", "namespace", "service", "pod", "container", "endpoint")
_OF_NO_SERIES = r"(?!(?:job|instance)$|__).*"
"""A series may have any other label of its own."""
_OF_SERVERS = frozenset({"cluster", "environment", "prometheus", "prometheus_replica"})
"""Labels that a server adds to what it sends elsewhere."""


@dataclass(frozen=True)
class Selection:
    """The references to scraped series."""

    references: tuple[MetricReference, ...]
    rules: Rules
    scrapes: Scrapes
    exported: Expositions | None
    """None if it is not known what the service exports."""

    def of_targets(self, expected: MetricsExpectation) -> Iterator[Selected]:
        """Yield what is read of targets: of the service, or as Prometheus itself makes it."""
        for reference in self.references:
            metric = reference.selector.metric
            origin = exporter(metric, expected.external)
            if metric in self.rules.recorded or ":" in metric or metric.startswith("ALERTS"):
                continue
            if origin in (None, PROMETHEUS):
                yield Selected(reference, self, origin is not None, expected)

    @cached_property
    def service_jobs(self) -> tuple[ScrapeJob, ...]:
        """The jobs that may scrape the service."""
        return self.scrapes.of_service()

    @cached_property
    def given(self) -> frozenset[str]:
        """The names of all labels that targets have."""
        targets = (target for job in self.scrapes.jobs for target in job.targets)
        names = {name for target in targets for name in target.values}
        return frozenset(name for name in names if not name.startswith("__")).union(_OF_TARGETS)

    @cached_property
    def answers(self) -> dict[tuple[str, bool, tuple[Matcher, ...]], bool | None]:
        """The answers so far, of jobs and matchers."""
        return {}


@dataclass(frozen=True, slots=True)
class Selected:
    """One reference, and the targets it may select."""

    reference: MetricReference
    among: Selection
    by_server: bool
    """True for ``up`` and the like, which have the labels of the target alone."""
    expected: MetricsExpectation

    def jobs(self) -> tuple[ScrapeJob, ...]:
        """The jobs that may give the series."""
        return self.among.scrapes.jobs if self.by_server else self.among.service_jobs

    def matchers(self) -> tuple[Matcher, ...]:
        """The matchers of labels that targets have."""
        found = [m for m in self.reference.selector.matchers if m.label in self.among.given]
        own = {name for each in self._series() for name in each.values} if found else ()
        elsewhere = {*_OF_SERVERS, *self.expected.target_labels, *own}
        return tuple(m for m in found if m.label not in elsewhere)

    def _series(self) -> tuple[Labels, ...]:
        """The series as the service exports them; none if that is not known."""
        metric, exported = self.reference.selector.metric, self.among.exported
        found = exported.after.named(metric) if exported and not self.by_server else ()
        return tuple(Labels({"__name__": metric, **each.labels}) for each in found)

    def target_labels(self, job: ScrapeJob) -> Iterator[Labels]:
        """Yield the labels of the job's targets, as far as a series keeps them."""
        known = self.by_server or bool(self._series())
        for target in job.targets:
            yield target if known else replace(target, unknown=_OF_NO_SERIES)

    def fits(self, job: ScrapeJob) -> bool | None:
        """Return True if a target of the job has the labels, None if one may have them."""
        key = (job.name, self.by_server or bool(self._series()), self.matchers())
        if key not in self.among.answers:
            found = {each.fits(key[2]) for each in self.target_labels(job)}
            # The series may have labels of its own that go before those of the target.
            unsure = None in found or (job.honors_labels and not self.by_server)
            self.among.answers[key] = True in found or (None if unsure else False)
        return self.among.answers[key]

    def dropped_by(self) -> Relabeling | None:
        """The relabeling after which no series is selected any more; None if one is."""
        if self.among.exported and not self._series():
            return None
        jobs = [job for job in self.jobs() if self.fits(job) is not False]
        if not jobs or not all(job.metric_relabelings for job in jobs):
            return None
        steps = [self._dropped_by(job) for job in jobs]
        return None if None in steps else steps[0]

    def _dropped_by(self, job: ScrapeJob) -> Relabeling | None:
        last: Relabeling | None = None
        for series in self._series() or (self._any_series(),):
            for target in job.targets:
                found = self._lost(_scraped(target, series), job.metric_relabelings)
                if found is None:
                    return None
                last = found if isinstance(found, Relabeling) else last
        return last

    def _any_series(self) -> Labels:
        return Labels({"__name__": self.reference.selector.metric}, "(?!__).*")

    def _lost(self, series: Labels, steps: tuple[Relabeling, ...]) -> Relabeling | bool | None:
        """The step that loses a series; None if it is selected, False if it never was."""
        if self._selects(series) is False:
            return False
        for step in steps:
            after = relabeled(series, (step,))
            if not isinstance(after, Labels) or self._selects(after) is False:
                return step
            series = after
        return None

    def _selects(self, series: Labels) -> bool | None:
        selector = self.reference.selector
        named = Matcher("__name__", "=", selector.metric)
        return series.fits((named, *selector.matchers))


def _scraped(target: Labels, series: Labels) -> Labels:
    values = {name: value for name, value in target.values.items() if not name.startswith("__")}
    unknown = "|".join(each for each in (target.unknown, series.unknown) if each)
    return Labels({**values, **series.values}, unknown)


@dataclass(frozen=True, slots=True)
class SelectionOf(Derived[Selection], Generic[ReadT]):
    """Put together what is read, and what is scraped; the exposition may be missing."""

    partial: ClassVar[bool] = True
    read: Query[ReadT]
    scraped: Query[Scrapes]
    exported: Query[Expositions] | None

    def derive(self, *answers: Answer[Any] | QueryFailure) -> Answer[Selection]:
        read, scraped, *exported = answers
        for each in (read, scraped):
            if isinstance(each, QueryFailure):
                raise Unavailable(*each.findings)
        assert isinstance(read, Answer)
        assert isinstance(scraped, Answer)
        known = [each.evidence for each in exported if isinstance(each, Answer)]
        rules = read.evidence if isinstance(read.evidence, Rules) else read.evidence.rules
        evidence = Selection(
            read.evidence.references, rules, scraped.evidence, known[0] if known else None
        )
        sampled = len(evidence.references) if scraped.evidence.jobs else 0
        return Answer(evidence, read.origin, sampled, "references", promised=False)


def selection(
    read: Callable[[MetricsExpectation, Scope], Query[Any] | None],
) -> Callable[[MetricsExpectation, Scope], Mapping[str, Query[Selection] | None]]:
    """Return what asks for the references of rules or dashboards beside the targets.

    Args:
        read: Returns the query for what reads metrics.
    """

    def queries(
        expected: MetricsExpectation, scope: Scope
    ) -> Mapping[str, Query[Selection] | None]:
        found = read(expected, scope)
        asked = SelectionOf(found, scrapes(scope), known_expositions(scope)) if found else None
        return {"targets": asked}

    return queries
