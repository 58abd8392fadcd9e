"""The age of the newest event of an index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from toolkit.evidence.elasticsearch.measures import Figures
from toolkit.evidence.elasticsearch.responses import live_figures
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import Answer, Derived, Query


@dataclass(frozen=True, slots=True)
class Freshness:
    """The age of the newest event."""

    lag: float | None
    """Seconds; None if no event has a time."""


@dataclass(frozen=True, slots=True)
class FreshnessOf(Derived[Freshness]):
    """Compare the newest event with the clock."""

    figures: Query[Figures]
    now: int
    """Nanoseconds since 1970."""

    def derive(self, figures: Answer[Figures]) -> Answer[Freshness]:
        found = Freshness(figures.evidence.lag(self.now))
        return Answer(found, figures.origin, figures.sampled, figures.unit)


def freshness(expected: LogExpectation, scope: Scope) -> Mapping[str, Query[Freshness]]:
    """Return the queries for the age of the newest event, if the contract bounds it."""
    if expected.stale_after is None:
        return {}
    found = live_figures(expected, scope)
    return {source: FreshnessOf(each, scope.now) for source, each in found.items()}
