"""What a service exports, before and after the traffic it was sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from toolkit.evidence.traffic import Run, Traffic
from toolkit.model.contract import Scope
from toolkit.model.queries import Answer, Derived, Query
from toolkit.prometheus.exposition import Exposition, Series, parse_exposition

__all__ = ["Expositions", "ExpositionsOf", "expositions"]


@dataclass(frozen=True, slots=True)
class Expositions:
    """Scrapes around the traffic; ``first`` and ``before`` differ by the cost of a scrape."""

    first: Exposition
    before: Exposition
    after: Exposition
    scrapes_between: int
    """How many scrapes, ``before`` included, the service answered up to ``after``."""
    source: str

    def grown(self, wanted: Callable[[Series], bool]) -> float:
        """By how much the series ``wanted`` grew in sum, the scrapes' own share taken out."""
        cost = _sum(self.before, wanted) - _sum(self.first, wanted)
        grown = _sum(self.after, wanted) - _sum(self.before, wanted)
        return grown - cost * self.scrapes_between


def _sum(series: Iterable[Series], wanted: Callable[[Series], bool]) -> float:
    return sum(each.value for each in series if wanted(each))


@dataclass(frozen=True, slots=True)
class ExpositionsOf(Derived[Expositions]):
    """Read the scrapes of a run."""

    traffic: Query[Traffic]
    path: str

    def parts(self) -> tuple[Query[Any], ...]:
        return (self.traffic,)

    def derive(self, traffic: Answer[Traffic]) -> Answer[Expositions]:
        source = f"service:{self.path}"
        first, before, *_, after = (
            parse_exposition(text, source=source) for text in traffic.evidence.scrapes
        )
        between = len(traffic.evidence.scrapes) - 2
        evidence = Expositions(first, before, after, between, source)
        return Answer(evidence, traffic.origin, sum(1 for _ in after), "series")


def expositions(scope: Scope) -> Query[Expositions] | None:
    """The exposition the contract speaks of; None where it names no service with metrics."""
    service = scope.contract.service
    if service is None or service.metrics is None:
        return None
    return ExpositionsOf(Run(service), service.metrics)
