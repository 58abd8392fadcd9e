"""The result of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Protocol

from toolkit.findings import Finding, Severity
from toolkit.model.checks import Step


class Verdict(StrEnum):
    """The result of a step."""

    PASS = "pass"
    FAIL = "fail"
    UNPROVEN = "unproven"
    """The evidence is not available. Never counted as a pass."""
    NOT_APPLICABLE = "not_applicable"
    """There is no object to check, and none was promised. Counted in no total."""
    NOT_RUN = "not_run"
    """The call left it out. Counted as nothing else."""

    @property
    def judged(self) -> bool:
        """True if something was examined, or should have been."""
        return self not in (Verdict.NOT_APPLICABLE, Verdict.NOT_RUN)


class Acceptance(Protocol):
    """Accepts findings: a suppression, or an entry of a baseline."""

    @property
    def reason(self) -> str: ...

    @property
    def expires(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding, or something unproven, and what accepts it."""

    finding: Finding
    by: Acceptance
    unproven: bool = False
    """True for something unproven."""


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

    def accept(self, covering: Callable[[str, Finding], Acceptance | None]) -> Judgement:
        """Move findings to the accepted ones.

        Args:
            covering: Returns what accepts a finding of a check, or None; the check is empty for
                what is unproven.
        """
        made = [
            *((self.step.check.id, each) for each in self.findings),
            *(("", each) for each in self.unproven),
        ]
        new = [
            Accepted(each, by, not check) for check, each in made if (by := covering(check, each))
        ]
        gone = {each.finding for each in new}
        return replace(
            self,
            findings=tuple(each for each in self.findings if each not in gone),
            unproven=tuple(each for each in self.unproven if each not in gone),
            accepted=(*self.accepted, *new),
        )

    def settled(self, fail_on: Severity) -> Judgement:
        """Derive the verdict from what is found, unproven and accepted."""
        if any((each.severity or Severity.ERROR) >= fail_on for each in self.findings):
            return replace(self, verdict=Verdict.FAIL)
        if self.unproven:
            return replace(self, verdict=Verdict.UNPROVEN)
        return replace(self, verdict=Verdict.PASS) if self.verdict.judged else self


@dataclass(frozen=True, slots=True)
class Report:
    """All judgements of a run, in the order of the hops."""

    judgements: tuple[Judgement, ...]
    stale: tuple[Finding, ...] = ()
    """Suppressions that are expired or match nothing, and what is gone of a baseline."""
    fail_on: Severity = Severity.ERROR
    contract: str = "toolkit.yml"
    context: dict[str, str] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """The worst of the judgements; UNPROVEN if no check had an object."""
        found = worst(judgement.verdict for judgement in self.judgements)
        return found if found.judged else Verdict.UNPROVEN


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst; UNPROVEN for none at all.

    >>> str(worst([Verdict.PASS, Verdict.UNPROVEN])), str(worst([]))
    ('unproven', 'unproven')
    """
    found = set(verdicts) or {Verdict.UNPROVEN}
    order = (Verdict.FAIL, Verdict.UNPROVEN, Verdict.PASS, Verdict.NOT_RUN)
    return next((each for each in order if each in found), Verdict.NOT_APPLICABLE)
