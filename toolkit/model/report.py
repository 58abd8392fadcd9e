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
    NOT_APPLICABLE = "not_applicable"
    """There is no object to check, and none was promised. Counted in no total."""


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
        """The worst of the judgements; UNPROVEN if no check had an object."""
        found = worst(judgement.verdict for judgement in self.judgements)
        return Verdict.UNPROVEN if found is Verdict.NOT_APPLICABLE else found


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst: FAIL, UNPROVEN, PASS, NOT_APPLICABLE; UNPROVEN for none at all.

    >>> str(worst([Verdict.PASS, Verdict.UNPROVEN])), str(worst([]))
    ('unproven', 'unproven')
    """
    found = set(verdicts) or {Verdict.UNPROVEN}
    order = (Verdict.FAIL, Verdict.UNPROVEN, Verdict.PASS, Verdict.NOT_APPLICABLE)
    return next(each for each in order if each in found)
