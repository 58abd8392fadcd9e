"""Metrics that a service exports, before and after the requests."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from toolkit.errors import InputError
from toolkit.evidence.files import Files, FileSet, decode
from toolkit.evidence.service.traffic import ServiceRun, Traffic
from toolkit.findings import Finding, Location
from toolkit.model.contract import Scope
from toolkit.model.expectations.metrics import MetricsExpectation
from toolkit.model.queries import Answer, Declared, Derived, Query, Unanswerable
from toolkit.prometheus.exposition import Exposition, parse_exposition
from toolkit.prometheus.samples import Series


@dataclass(frozen=True, slots=True)
class Expositions:
    """Scrapes around the requests; ``first`` and ``before`` differ by the cost of a scrape."""

    first: Exposition
    before: Exposition
    after: Exposition
    scrapes_between: int
    """Number of scrapes up to ``after``, including ``before``."""
    source: str

    def grown(self, wanted: Callable[[Series], bool]) -> float:
        """Return the growth of the sum of the ``wanted`` series, without the cost of scrapes."""
        cost = _sum(self.before, wanted) - _sum(self.first, wanted)
        grown = _sum(self.after, wanted) - _sum(self.before, wanted)
        return grown - cost * self.scrapes_between


def _sum(series: Iterable[Series], wanted: Callable[[Series], bool]) -> float:
    return sum(each.value for each in series if wanted(each))


@dataclass(frozen=True, slots=True)
class ExpositionsOf(Derived[Expositions]):
    """Parse the scrapes of a run."""

    traffic: Query[Traffic]
    path: str

    def derive(self, traffic: Answer[Traffic]) -> Answer[Expositions]:
        source = f"service:{self.path}"
        first, before, *_, after = (
            parse_exposition(text, source=source) for text in traffic.evidence.scrapes
        )
        between = len(traffic.evidence.scrapes) - 2
        evidence = Expositions(first, before, after, between, source)
        return Answer(evidence, traffic.origin, sum(1 for _ in after), "series")


@dataclass(frozen=True, slots=True)
class SavedExposition(Derived[Expositions]):
    """Parse a scrape that was saved as a file."""

    files: Query[FileSet]

    def derive(self, files: Answer[FileSet]) -> Answer[Expositions]:
        file, *_ = files.evidence
        found = parse_exposition(decode(file, "an exposition"), source=file.name)
        evidence = Expositions(found, found, found, 0, file.name)
        return Answer(evidence, files.origin, sum(1 for _ in found), "series")


@dataclass(frozen=True, slots=True)
class ScrapeErrors(Derived[tuple[Finding, ...]]):
    """The reasons for which Prometheus would drop a scrape."""

    scraped: ExpositionsOf | SavedExposition

    def parts(self) -> tuple[Query[Any], ...]:
        return self.scraped.parts()

    def derive(self, *answers: Answer[Any]) -> Answer[tuple[Finding, ...]]:
        try:
            read = self.scraped.derive(*answers)
        except InputError as error:
            return Answer(error.findings, answers[0].origin, 1, "scrapes")
        return Answer((), read.origin, read.sampled, read.unit)


def expositions(scope: Scope) -> Query[Expositions]:
    """Return the query for the exposition, of the service or of a file."""
    declared = (scope.contract.metrics or scope.contract).declared
    return known_expositions(scope) or Unanswerable(_no_exposition(declared))


def scrape_errors(scope: Scope) -> Query[tuple[Finding, ...]] | None:
    """Return the query for errors in the scrapes; None if nothing is scraped."""
    scraped = known_expositions(scope)
    return ScrapeErrors(scraped) if scraped else None


def known_expositions(scope: Scope) -> ExpositionsOf | SavedExposition | None:
    """Return the query for the exposition; None if neither a service nor a file gives one."""
    live, metrics = live_expositions(scope), scope.contract.metrics
    if live is None and metrics is not None and metrics.exposition:
        return SavedExposition(Files((metrics.exposition,), metrics.declared))
    return live


def _no_exposition(declared: Location) -> Finding:
    return Finding(
        what="there is no exposition to compare with",
        where=declared,
        why="the contract names neither a service with `metrics:` nor a saved scrape",
        fix="save one with `curl` and name it under `metrics:` as `exposition:`.",
    )


@dataclass(frozen=True, slots=True)
class ExportedNames(Derived[tuple[str, ...]]):
    """The names of the metrics that are exported."""

    scraped: Query[Expositions]

    def derive(self, scraped: Answer[Expositions]) -> Answer[tuple[str, ...]]:
        names = tuple(sorted(scraped.evidence.after.names()))
        return Answer(names, scraped.origin, len(names), "metrics")


def exported_names(expected: MetricsExpectation, scope: Scope) -> Query[tuple[str, ...]] | None:
    """Return the query for the names of the service's metrics; None if nothing is external.

    Those that the contract declares are known without an exposition.
    """
    declared = tuple(each.name for each in expected.series)
    scraped = known_expositions(scope)
    if not expected.external or not (declared or scraped):
        return None
    if declared or scraped is None:
        return Declared(declared, "metrics", len(declared))
    return ExportedNames(scraped)


def live_expositions(scope: Scope) -> ExpositionsOf | None:
    """Return the query for the scrapes of a service started here; else None."""
    service = scope.contract.service
    if service is None or service.metrics is None:
        return None
    return ExpositionsOf(ServiceRun(service), service.metrics)
