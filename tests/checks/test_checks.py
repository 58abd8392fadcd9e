"""Every check, over its case file, as a person would see it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import pytest

import toolkit.checks
from tests.cases import Case, read_cases
from tests.kibana.cases import CaseKibana
from tests.ledgers import CaseLedger
from tests.observed import CaseElasticsearch, CaseFiles, CaseService
from tests.scaling.clusters import CaseCluster
from tests.scaling.runs import CaseScaling
from toolkit.checks import all_checks, check_ids, checks_for, documentation
from toolkit.checks._catalogue import check_files
from toolkit.contract import parse_contract
from toolkit.model.checks import Check
from toolkit.model.contract import Scope
from toolkit.model.report import Report
from toolkit.reports import text
from toolkit.verification import verify

HERE = Path(__file__).parent
CHECKS = {check.id: check for check in all_checks()}
CASES = list(read_cases(HERE))
NEVER_JUDGED = ("logs/no-promise",)
"""Checks that are planned only where something cannot be proved."""
TODAY = date(2026, 1, 10)
NOW = (TODAY - date(1970, 1, 1)).days * 86_400 * 10**9
LIVE = frozenset({"elasticsearch", "kibana", "kubernetes", "ledger", "scaling"})
"""The systems for whose answers a block can stand."""


def check_id(case: Case) -> str:
    return str(case.path.relative_to(HERE).with_suffix("")).replace("_", "-")


def name(case: Case) -> str:
    return f"{check_id(case)}: {case.title}"


def raise_bug(what: str, error: Exception) -> NoReturn:
    raise AssertionError(what) from error


def verified(blocks: Mapping[str, str], check: str) -> Report:
    """Run one check over the files and systems of a case."""
    contract = parse_contract(blocks["toolkit.yml"], source="toolkit.yml")
    live = LIVE & set(blocks)
    return verify(
        Scope(contract, now=0 if live else NOW, live=live),
        checks_for(contract, lambda name: name == check),
        [
            CaseFiles(blocks),
            CaseService(blocks),
            CaseElasticsearch(blocks),
            CaseKibana(blocks),
            CaseScaling(blocks),
            CaseLedger(blocks),
            CaseCluster(blocks),
        ],
        today=TODAY,
        on_bug=raise_bug,
    )


@pytest.mark.parametrize("case", CASES, ids=name)
def test_case(case: Case, update: bool) -> None:
    case.compare(text.render(verified(case.blocks, check_id(case))), update=update)


@pytest.mark.parametrize("check", CHECKS)
def test_every_check_is_shown_passing_and_failing(check: str) -> None:
    reports = [case.blocks["report"] for case in CASES if check_id(case) == check]
    verdicts = {report.rstrip().rpartition("\n")[2].split()[0] for report in reports}
    assert verdicts >= ({"UNPROVEN"} if check in NEVER_JUDGED else {"PASS", "FAIL"})


def test_every_check_is_known_before_it_is_imported() -> None:
    assert {name: documentation(name) for name in check_ids()} == {
        check.id: check.doc for check in CHECKS.values()
    }


def test_every_check_is_planned_as_it_is_defined() -> None:
    kinds = {check.expects.__name__: check.expects for check in CHECKS.values()}
    files = check_files("toolkit.checks", Path(toolkit.checks.__file__).parent)
    planned = [check for file in files if (check := file.planned(kinds))]
    assert {each.id: (each.severity, each.expects, each.queries) for each in planned} == {
        name: (each.severity, each.expects, each.queries) for name, each in CHECKS.items()
    }


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_every_check_explains_itself(check: Check[Any, Any]) -> None:
    first, *_ = check.doc.split("\n")
    assert first.endswith("."), "the rule is one true sentence"
    headings = re.findall(r"^## (.+)$", check.doc, re.MULTILINE)
    assert headings == ["Why it matters", "How to fix it", "Reference"]
    assert re.search(r"^https://\S+$", check.doc.rpartition("## Reference")[2], re.MULTILINE)


@pytest.mark.parametrize("case", CASES, ids=name)
def test_messages_keep_to_twelve_lines_of_eighty_columns(case: Case) -> None:
    report = case.blocks["report"]
    assert max(map(len, report.splitlines())) <= 80
    for message in report.split("\n\n")[1:-1]:
        assert len(message.splitlines()) <= 12


@pytest.mark.parametrize("case", CASES, ids=name)
def test_every_fix_is_one_sentence(case: Case) -> None:
    fixes = re.findall(r"^  fix {2}(.+(?:\n {7}.+)*)", case.blocks["report"], re.MULTILINE)
    assert all(fix.endswith((".", "?")) for fix in fixes)
