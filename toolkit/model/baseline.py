"""Baselines: the findings of one day are accepted, and new ones are not. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import PurePosixPath

from toolkit.findings import Finding, Location, Severity
from toolkit.model.report import Acceptance, Judgement, Report, Verdict

_VARIES = re.compile(
    r"(?<![\w.-])(?:\d[\d.,:/TZ+-]*(?:ns|us|ms|s|%)?|(?=[0-9-]*[a-f])(?=[a-f-]*\d)[0-9a-f-]{8,})(?![\w-])"
)
"""Counts, times and random identities: they differ from run to run."""


@dataclass(frozen=True, slots=True)
class KnownFinding:
    """A finding, or something unproven, that was there when the baseline was written."""

    fingerprint: str
    step: str
    """The first step that had it."""
    where: str
    """Its file, for people who read the baseline."""
    what: str
    unproven: bool
    declared: Location
    """Its place in the baseline."""

    @property
    def reason(self) -> str:
        """Why it is accepted; printed in the report."""
        return f"in the baseline {self.declared.source}"

    @property
    def expires(self) -> None:
        """A baseline has no day: an entry is accepted until it no longer occurs."""


def fingerprint(check: str, finding: Finding, contract: str) -> str:
    """Return what identifies a finding although lines move and numbers change.

    Args:
        check: The id of the check; empty for what is unproven: its cause is one for all checks.
        finding: Its subjects, file, and line of text count; its line number does not. Without
            subjects, its text counts; of what is unproven, the reason and the fix, as in reports.
        contract: The path of the contract; its folder is left out of other paths.

    Returns:
        Sixteen hexadecimal digits.
    """
    named = " ".join(f"{each.kind} {each.name}" for each in finding.breaks) or finding.what
    subject = named if check else f"{finding.why} {finding.fix}"
    parts = (check, finding.where.source, subject, finding.where.excerpt)
    text = "\0".join(" ".join(_VARIES.sub("#", part).split()) for part in parts)
    folder = PurePosixPath(contract).parent.as_posix()
    if folder != ".":
        text = text.replace(f"{folder}/", "")
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def accept_known(report: Report, baseline: Iterable[KnownFinding]) -> Report:
    """Move the findings of a baseline to the accepted ones; the verdicts follow.

    Args:
        report: A report, after its suppressions.
        baseline: The entries.
    """
    known = {each.fingerprint: each for each in baseline}

    def covering(check: str, finding: Finding) -> Acceptance | None:
        return known.get(fingerprint(check, finding, report.contract))

    judged = (each.accept(covering) for each in report.judgements)
    return replace(report, judgements=tuple(each.settled(report.fail_on) for each in judged))


def gone(
    report: Report, baseline: Iterable[KnownFinding], possible: Container[str]
) -> Iterator[KnownFinding]:
    """Yield the entries that no longer occur.

    Args:
        report: A report in which the baseline is accepted.
        baseline: The entries.
        possible: The names of all steps of the contract, those of live systems included. One
            that this run did not judge may still have its findings.
    """
    judged = {each.step.name: each for each in report.judgements}
    seen = {id(each.by) for judgement in report.judgements for each in judgement.accepted}
    for each in baseline:
        looked = judged.get(each.step)
        conclusive = looked and _conclusive(looked, each)
        if id(each) not in seen and (conclusive or each.step not in possible):
            yield each


def _conclusive(looked: Judgement, known: KnownFinding) -> bool:
    """True if the step would have found the entry again."""
    if looked.verdict is Verdict.NOT_RUN:
        return False
    return known.unproven or bool(looked.sampled and not looked.unproven)


def no_longer_occurs(known: KnownFinding) -> Finding:
    """Return the warning for an entry that can be removed."""
    return Finding(
        what=f"no longer found at {known.where}: {known.what}",
        where=known.declared,
        why=f"{known.step} has looked, and found nothing that the entry accepts",
        fix="remove the line, or write the baseline anew with `--update-baseline`.",
        severity=Severity.WARNING,
    )


def renewed(
    report: Report, baseline: Iterable[KnownFinding], possible: Container[str]
) -> list[KnownFinding]:
    """Return the entries that accept all that a report has.

    Args:
        report: A report in which the baseline is accepted.
        baseline: The entries so far; those that no longer occur are left out.
        possible: The names of all steps of the contract.
    """
    baseline = tuple(baseline)
    dropped = {each.fingerprint for each in gone(report, baseline, possible)}
    kept = {each.fingerprint: each for each in baseline if each.fingerprint not in dropped}
    found = {each.fingerprint: each for each in _known_now(report)}
    return sorted((found | kept).values(), key=lambda each: (each.where, each.step, each.what))


def _known_now(report: Report) -> Iterator[KnownFinding]:
    """Yield an entry for each finding that is not accepted; of equal ones the first comes last."""
    for judgement in reversed(report.judgements):
        check = judgement.step.check.id
        made = [(check, each) for each in judgement.findings]
        for key, finding in [*made, *(("", each) for each in judgement.unproven)]:
            yield KnownFinding(
                fingerprint(key, finding, report.contract),
                judgement.step.name,
                finding.where.source,
                finding.what,
                unproven=not key,
                declared=finding.where,
            )
