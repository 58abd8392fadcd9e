"""A suppression covers what it names until its day, and is reported when it is of no use."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from toolkit.findings import Finding, Location, Severity
from toolkit.model.checks import Check, Step
from toolkit.model.contract import Contract, Suppression
from toolkit.model.queries import Pair
from toolkit.model.report import Judgement, Verdict
from toolkit.model.suppressions import accept, stale

TODAY = date(2026, 1, 10)
DECLARED = Location("toolkit.yml", 9, 3)
FOUND = Finding("found", Location("app.log", 3, 7), "why", "fix.")
DOUBT = Finding("doubt", Location("app.conf", 2, 1), "why", "fix.")


def suppression(**options: Any) -> Suppression:
    given = {"check": "logs/no-match", "reason": "known", "expires": TODAY, **options}
    return Suppression(declared=DECLARED, **given)


def judgement(check: str = "logs/no-match") -> Judgement:
    made: Check[Any, Any] = Check(
        id=check,
        severity=Severity.ERROR,
        expects=Contract,
        queries=lambda expected, scope: {},
        judge=lambda expected, observed: (),
        doc="",
    )
    query: Any = Pair
    step = Step(made, Contract(declared=DECLARED), query)
    return Judgement(step, Verdict.FAIL, (FOUND,), (DOUBT,))


@pytest.mark.parametrize(
    ("options", "covered"),
    [
        ({}, {"found", "doubt"}),
        ({"check": "logs/*"}, {"found", "doubt"}),
        ({"check": "*"}, {"found", "doubt"}),
        ({"check": "logs/no"}, set()),
        ({"check": "logs/no-matc?"}, {"found", "doubt"}),
        ({"where": "app.log:3:7"}, {"found"}),
        ({"where": "app.log"}, {"found"}),
        ({"where": "app.log:3*"}, {"found"}),
        ({"where": "app.*"}, {"found", "doubt"}),
        ({"where": "*.conf"}, {"doubt"}),
        ({"where": "APP.LOG"}, set()),
        ({"expires": date(2026, 1, 9)}, set()),
        ({"expires": date(2026, 1, 11)}, {"found", "doubt"}),
    ],
)
def test_it_covers_what_it_names_until_its_day(options: dict[str, Any], covered: set[str]) -> None:
    before = judgement()
    after = accept(before, [suppression(**options)], TODAY)
    assert {each.finding.what for each in after.accepted} == covered
    kept = {finding.what for finding in (*after.findings, *after.unproven)}
    assert kept == {"found", "doubt"} - covered


def test_the_first_that_covers_is_the_one_that_is_used() -> None:
    first, second = suppression(reason="one"), suppression(reason="two")
    after = accept(judgement(), [first, second], TODAY)
    assert {each.by.reason for each in after.accepted} == {"one"}
    (unused,) = stale([after], [first, second], TODAY)
    assert unused.what == "the suppression of `logs/no-match` covers nothing"
    assert unused.why == "its reason was: two"


def test_an_expired_one_is_reported_whether_it_would_cover_or_not() -> None:
    expired = suppression(expires=date(2026, 1, 9))
    (found,) = stale([accept(judgement(), [expired], TODAY)], [expired], TODAY)
    assert found.what == "the suppression of `logs/no-match` expired on 2026-01-09"
    assert (found.where, found.severity) == (DECLARED, Severity.WARNING)


def test_a_used_one_is_not_stale() -> None:
    used = suppression()
    assert list(stale([accept(judgement(), [used], TODAY)], [used], TODAY)) == []


def test_equal_findings_are_accepted_alike() -> None:
    twice = replace(judgement(), findings=(FOUND, FOUND))
    after = accept(twice, [suppression()], TODAY)
    assert after.findings == ()
