"""The fix of a finding, followed literally, ends the finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from tests.cases import Case
from tests.checks.test_checks import CASES, check_id, name, verified
from tests.fixes import fixed
from toolkit.findings import Finding

LEAST = 130
"""Fixes that are followed, at the least; a rule that no longer matches is missed here."""
UNCOVERING = (
    "A key that is not known",
    "A PrometheusRule manifest is read as well",
    "A pipeline without lines proves nothing",
    "A configuration that cannot be read names no patterns",
)
"""Cases in which the fix lets the rest be read, and that has a fault, too."""


def findings(blocks: Mapping[str, str], check: str) -> Iterator[Finding]:
    for judgement in verified(blocks, check).judgements:
        yield from (*judgement.findings, *judgement.unproven)


def followed() -> Iterator[tuple[Case, Finding, Mapping[str, str]]]:
    """Each finding whose fix a program can follow, and the files after that."""
    for case in CASES:
        for finding in dict.fromkeys(findings(case.blocks, check_id(case))):
            after = fixed(case.blocks, finding, check_id(case))
            if after is not None:
                yield case, finding, after


FOLLOWED = list(followed())


def test_many_fixes_are_followed() -> None:
    assert len(FOLLOWED) >= LEAST


@pytest.mark.parametrize(
    ("case", "finding", "after"),
    FOLLOWED,
    ids=[f"{name(case)}: {finding.fix}" for case, finding, _ in FOLLOWED],
)
def test_the_finding_is_gone(case: Case, finding: Finding, after: Mapping[str, str]) -> None:
    before = {each.what for each in findings(case.blocks, check_id(case))}
    left = {each.what for each in findings(after, check_id(case))}
    assert finding.what not in left
    assert left <= before or case.title in UNCOVERING
