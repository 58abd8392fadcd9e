"""The fix of a finding, followed literally, ends the finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import pytest

from tests.cases import Case
from tests.checks.test_checks import CASES, check_id, name, verified
from tests.fixes import fixed
from tests.fixes.reasons import RAN, REASONS, reason
from toolkit.findings import Finding

LEAST = 350
"""Fixes that are followed, at the least; a rule that no longer matches is missed here."""
MOST_OPEN = 12
"""Fixes without a row and without a reason, at the most: those of new checks."""
UNCOVERING = (
    "A key that is not known",
    "A PrometheusRule manifest is read as well",
    "A pipeline without lines proves nothing",
    "A configuration that cannot be read names no patterns",
    "A template that is composed of others is not all there is",
    "A shipper's configuration that is not there",
    "Joining by count is not emulated",
    "Samples that are not there cannot be looked at",
    "Lines that are not parsed leave open what fields they would have",
    "More replicas than the node bears",
    "A namespace that enforces `restricted`",
    "Another namespace has other pods",
    "A Secret that may be created elsewhere",
    "A job that no discovery changes",
    "A label of targets that are found as the system runs",
)
"""Cases in which the fix lets the rest be read, and that has a fault, too."""


def findings(blocks: Mapping[str, str], check: str) -> Iterator[Finding]:
    for judgement in verified(blocks, check).judgements:
        yield from (*judgement.findings, *judgement.unproven)


CHANGED: list[tuple[Case, Finding, Mapping[str, str] | None]] = [
    (case, finding, fixed(case.blocks, finding, check_id(case)))
    for case in CASES
    for finding in dict.fromkeys(findings(case.blocks, check_id(case)))
]
"""Each finding, and the files after its fix; None if no program can follow it."""
FOLLOWED = [(case, finding, after) for case, finding, after in CHANGED if after is not None]


def test_many_fixes_are_followed() -> None:
    assert len(FOLLOWED) >= LEAST


def test_each_other_fix_has_a_reason_why_no_program_can_follow_it() -> None:
    others = [(case, finding.fix) for case, finding, after in CHANGED if after is None]
    open_ones = [fix for case, fix in others if reason(case.blocks, fix) is None]
    assert len(open_ones) <= MOST_OPEN, open_ones
    reasons = {reason(case.blocks, fix) for case, fix in others}
    assert {RAN, *(why for _, why in REASONS)} == reasons


@pytest.mark.parametrize(
    ("case", "finding", "after"),
    FOLLOWED,
    ids=[f"{name(case)}: {finding.fix}" for case, finding, _ in FOLLOWED],
)
def test_the_finding_is_gone(case: Case, finding: Finding, after: Mapping[str, str]) -> None:
    before = Counter(each.what for each in findings(case.blocks, check_id(case)))
    left = Counter(each.what for each in findings(after, check_id(case)))
    assert left[finding.what] < before[finding.what]
    assert left.keys() <= before.keys() or case.title in UNCOVERING
