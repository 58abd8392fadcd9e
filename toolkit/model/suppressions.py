"""Suppressions: pure functions on judgements."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from toolkit.findings import Finding, Severity
from toolkit.model.contract import Suppression
from toolkit.model.report import Judgement, Verdict


def accept(judgement: Judgement, suppressions: Iterable[Suppression], today: date) -> Judgement:
    """Move the findings that an unexpired suppression covers to the accepted ones.

    None covers a finding on the contract itself, such as on a suppression.

    Args:
        judgement: The judgement of one step.
        suppressions: Those of the contract, expired ones included.
        today: A suppression is valid up to and including its last day.
    """
    check, hop = judgement.step.check.id, judgement.step.check.hop
    valid = [each for each in suppressions if each.expires >= today and hop != "contract"]
    return judgement.accept(lambda _, finding: _covering(valid, check, finding))


def stale(
    judgements: Sequence[Judgement], suppressions: Iterable[Suppression], today: date
) -> Iterator[Finding]:
    """Yield a warning for each suppression that is expired or covers nothing.

    One of checks that were not run may still cover something.

    Args:
        judgements: All judgements of the run, after `accept`.
        suppressions: Those of the contract.
        today: The day of the run.
    """
    used = {id(each.by) for judgement in judgements for each in judgement.accepted}
    left_out = {each.step.check.id for each in judgements if each.verdict is Verdict.NOT_RUN}
    for suppression in suppressions:
        if suppression.expires < today:
            yield _stale(suppression, f"expired on {suppression.expires}")
        elif id(suppression) not in used and not fnmatch.filter(left_out, suppression.check):
            yield _stale(suppression, "covers nothing")


def _covering(
    suppressions: Iterable[Suppression], check: str, finding: Finding
) -> Suppression | None:
    for suppression in suppressions:
        if fnmatch.fnmatchcase(check, suppression.check) and _at(suppression.where, finding):
            return suppression
    return None


def _at(pattern: str, finding: Finding) -> bool:
    place = finding.where
    return any(fnmatch.fnmatchcase(text, pattern) for text in (str(place), place.source))


def _stale(suppression: Suppression, what: str) -> Finding:
    return Finding(
        what=f"the suppression of `{suppression.check}` {what}",
        where=suppression.declared,
        why=f"its reason was: {suppression.reason}",
        fix="remove it from the contract, or extend its date with a reason.",
        severity=Severity.WARNING,
    )
