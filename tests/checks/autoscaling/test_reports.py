"""Autoscalers from public reports, reworded: the verdict of each file, and what finds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.test_checks import NOW, TODAY, raise_bug
from tests.observed import CaseFiles
from toolkit.checks import checks_for
from toolkit.contract import parse_contract
from toolkit.model.contract import Scope
from toolkit.model.report import Verdict
from toolkit.verification import verify

_HERE = Path(__file__).with_name("reports")
_CONTRACT = 'kubernetes: {manifests: "*.yaml", versions: ["1.34"]}'
_BROKEN = {
    "a01": "autoscaling/missing-request",
    "a02": "autoscaling/missing-request",
    "a05": "autoscaling/dangling-container",
    "a11": "autoscaling/missing-request",
    "a13": "autoscaling/missing-request",
    "b05": "autoscaling/dangling-target",
    "b06": "autoscaling/dangling-target",
    "b07": "autoscaling/dangling-target",
    "b08": "autoscaling/dangling-target",
    "b09": "autoscaling/dangling-target",
    "c01": "autoscaling/selector-overlap",
    "c02": "autoscaling/selector-overlap",
    "c04": "autoscaling/selector-overlap",
    "c05": "autoscaling/selector-overlap",
    "d01": "manifests/refused",
    "d02": "autoscaling/min-over-max",
    "d03": "autoscaling/min-over-max",
    "d04": "manifests/schema",
    "d05": "manifests/schema",
    "d06": "manifests/refused",
    "d08": "manifests/refused",
    "d10": "manifests/refused",
    "d12": "manifests/refused",
    "d13": "manifests/refused",
    "d15": "manifests/refused",
    "d16": "manifests/refused",
    "d17": "manifests/refused",
    "d20": "manifests/schema",
    **dict.fromkeys(
        ("d01", "d06", "d08", "d10", "d12", "d13", "d15", "d16", "d17", "d21", "d22"),
        "manifests/refused",
    ),
    "d23": "autoscaling/unreachable-target",
    "e03": "autoscaling/static-replicas",
    "e05": "autoscaling/unreachable-target",
    "e06": "autoscaling/unreachable-target",
}
"""The check that finds the fault of each broken file."""
_UNPROVEN = ("b12",)


@pytest.mark.parametrize("file", sorted(_HERE.glob("*.yaml")), ids=lambda file: file.stem)
def test_autoscalers_of_reports_are_judged_as_kubernetes_treats_them(file: Path) -> None:
    contract = parse_contract(_CONTRACT, source="toolkit.yml")
    files = CaseFiles({"toolkit.yml": _CONTRACT, "shop.yaml": file.read_text("utf-8")})
    judged = verify(
        Scope(contract, now=NOW),
        checks_for(contract, lambda name: name.startswith(("autoscaling/", "manifests/"))),
        [files],
        today=TODAY,
        on_bug=raise_bug,
    )
    failed = {e.step.check.id for e in judged.judgements if e.verdict is Verdict.FAIL}
    key = file.stem[:3]
    assert (_BROKEN[key] in failed) if key in _BROKEN else not failed
    unproven = any(each.verdict is Verdict.UNPROVEN for each in judged.judgements)
    assert unproven == (key in _UNPROVEN)
