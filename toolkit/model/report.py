"""The result of a run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from toolkit.findings import Finding, Severity
from toolkit.model.checks import Step
from toolkit.model.contract import Suppression


class Verdict(StrEnum):
    """The result of a step."""

    PASS = "pass"
    FAIL = "fail"
    UNPROVEN = "unproven"
    """The evidence is not available. Never counted as a pass."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding, or something unproven, and the suppression that accepts it."""

    finding: Finding
    suppression: Suppression


@dataclass(frozen=True, slots=True)
class Judgement:
    """The result of one step."""

    step: Step
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    """Each with its severity; those below the threshold do not fail the step."""
    unproven: tuple[Finding, ...] = ()
    """The reasons for UNPROVEN."""
    accepted: tuple[Accepted, ...] = ()
    origin: str = ""
    sampled: int = 0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All judgements of a run, in the order of the hops."""

    judgements: tuple[Judgement, ...]
    stale: tuple[Finding, ...] = ()
    """Suppressions that are expired, or that match nothing."""
    fail_on: Severity = Severity.ERROR
    contract: str = "toolkit.yml"
    context: dict[str, str] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """The worst of the judgements; UNPROVEN for none at all."""
        return worst(judgement.verdict for judgement in self.judgements)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst verdict: FAIL before UNPROVEN before PASS; UNPROVEN for none at all.

    >>> str(worst([Verdict.PASS, Verdict.UNPROVEN])), str(worst([]))
    ('unproven', 'unproven')
    """
    found = set(verdicts)
    if Verdict.FAIL in found:
        return Verdict.FAIL
    return Verdict.PASS if found == {Verdict.PASS} else Verdict.UNPROVEN
