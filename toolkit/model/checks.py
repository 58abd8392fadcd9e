"""Checks, and the steps in which a plan applies them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from toolkit.findings import Finding, Severity, Unproven
from toolkit.model.contract import Scope
from toolkit.model.expectations import Expectation
from toolkit.model.queries import Query

ExpectationT = TypeVar("ExpectationT", bound=Expectation)
EvidenceT = TypeVar("EvidenceT")

Asked: TypeAlias = Mapping[str, Query[EvidenceT] | None] | Query[EvidenceT] | None

HOPS = (
    "contract",
    "service",
    "logs",
    "elasticsearch",
    "kibana",
    "metrics",
    "dashboards",
    "agreement",
    "manifests",
    "autoscaling",
)
"""The groups of checks, in the order in which telemetry passes through them."""


@dataclass(frozen=True, slots=True)
class Check(Generic[ExpectationT, EvidenceT]):
    """A comparison of an expectation with evidence. Made by `toolkit.checks.check`."""

    id: str
    severity: Severity
    expects: type[ExpectationT]
    queries: Callable[[ExpectationT, Scope], Asked[EvidenceT]]
    """The query that settles it, or several by the name of the source: each is a step of its own.

    None, for one source or altogether, where the check does not apply.
    """
    judge: Callable[[ExpectationT, EvidenceT], Iterable[Finding | Unproven]]
    doc: str
    origin: str = "toolkit"
    """The distribution it comes from."""

    @property
    def hop(self) -> str:
        """The group the check belongs to."""
        return self.id.partition("/")[0]

    def asked(self, expectation: ExpectationT, scope: Scope) -> Mapping[str, Query[EvidenceT]]:
        """Return the queries by the name of their source; a single one has no such name."""
        found = self.queries(expectation, scope)
        named = found if isinstance(found, Mapping) else {"": found}
        return {source: query for source, query in named.items() if query is not None}


@dataclass(frozen=True, slots=True)
class Step:
    """One check of one expectation, and the query that settles it."""

    check: Check[Any, Any]
    expectation: Expectation
    query: Query[Any]
    source: str = ""

    @property
    def name(self) -> str:
        """Unique within a plan: ``logs/no-match[requests, samples]``."""
        subject = getattr(self.expectation, "name", "")
        inside = ", ".join(part for part in (subject, self.source) if part)
        return f"{self.check.id}[{inside}]" if inside else self.check.id
