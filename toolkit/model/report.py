"""What a run came to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from toolkit.findings import Finding, Severity
from toolkit.model.checks import Step
from toolkit.model.contract import Suppression


class Verdict(StrEnum):
    """What is known once the evidence is in."""

    PASS = "pass"
    FAIL = "fail"
    UNPROVEN = "unproven"
    """The evidence could not be had. Never counted as a pass."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding, or something unproven, and the suppression that accepts it."""

    finding: Finding
    suppression: Suppression


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one step came to."""

    step: Step
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    """What is broken, each with its severity; below the threshold they do not fail the step."""
    unproven: tuple[Finding, ...] = ()
    """What could not be looked at."""
    accepted: tuple[Accepted, ...] = ()
    origin: str = ""
    sampled: int = 0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All judgements of a run, in the order of the hops."""

    judgements: tuple[Judgement, ...]
    stale: tuple[Finding, ...] = ()
    """Suppressions that are expired, or that nothing needed."""
    fail_on: Severity = Severity.ERROR
    contract: str = "toolkit.yml"
    context: dict[str, str] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """The worst of the judgements; a report of nothing proves nothing."""
        return worst(judgement.verdict for judgement in self.judgements)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """FAIL before UNPROVEN before PASS; UNPROVEN where there are none.

    >>> str(worst([Verdict.PASS, Verdict.UNPROVEN])), str(worst([]))
    ('unproven', 'unproven')
    """
    found = set(verdicts)
    if Verdict.FAIL in found:
        return Verdict.FAIL
    return Verdict.PASS if found == {Verdict.PASS} else Verdict.UNPROVEN
