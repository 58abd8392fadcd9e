"""Files as people write them: each is judged as kubectl reads it, or named and skipped."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from toolkit.checks import checks_for
from toolkit.connectors.files import FileSystem
from toolkit.contract import parse_contract
from toolkit.model.contract import Scope
from toolkit.model.report import Judgement, Verdict
from toolkit.verification import report_bug, verify

FOLDER = Path(__file__).parent / "yaml"
PASS, FAIL, UNPROVEN = Verdict.PASS, Verdict.FAIL, Verdict.UNPROVEN

CASES = {
    "anchors": (PASS, ""),
    "argocd-app": (UNPROVEN, "2: no schema is known of `Application` (`argoproj.io/v1alpha1`)"),
    "bom": (PASS, ""),
    "cm-list": (FAIL, "7: `data.false` of ConfigMap a: `1` is not a text"),
    "crd-doc": (FAIL, "28: `spec.size` of Queue q: `9` is more than 5"),
    "crd-in-files": (FAIL, "21: `spec.size` of Foo f: `9` is more than 5"),
    "creationTimestamp-null": (PASS, ""),
    "crlf": (PASS, ""),
    "dash-comment": (PASS, ""),
    "date-string": (PASS, ""),
    "deep-alias-bomb": (UNPROVEN, "6: the manifest holds more than 250,000 values"),
    "doc-end": (PASS, ""),
    "dockercompose": (UNPROVEN, "1: the file is skipped: it has no `apiVersion`"),
    "envsubst": (UNPROVEN, "3: the file is a template"),
    "eq-value": (PASS, ""),
    "generateName": (PASS, ""),
    "helm-chart-yaml": (UNPROVEN, "1: the file is skipped: it has no `apiVersion`"),
    "helm-tpl": (UNPROVEN, "10: the file is a template"),
    "hpa-deploy-json-list": (
        FAIL,
        "1: `spec.replicas` of Deployment w: the text `3` is not a who",
    ),
    "json-file": (PASS, ""),
    "json-tabs": (PASS, ""),
    "kustomization": (UNPROVEN, "1: the file is skipped: it has no `apiVersion`"),
    "kustomization-kind": (
        UNPROVEN,
        "1: the file is skipped: it configures kustom",
    ),
    "list-kind": (FAIL, "7: `data.false` of ConfigMap a: `1` is not a text"),
    "non-k8s-yaml": (UNPROVEN, "1: the file is skipped: it has no `apiVersion`"),
    "null-doc": (UNPROVEN, "1: no manifests to look at"),
    "num-string": (FAIL, "4: `data.false` of ConfigMap a: `1000` is not a text"),
    "rolelist": (PASS, ""),
    "sexagesimal": (PASS, ""),
    "skaffold": (UNPROVEN, "1: the file is skipped: it configures Skaffold"),
    "status-null": (PASS, ""),
    "status-set": (PASS, ""),
    "tag-str": (PASS, ""),
    "trailing-dash": (PASS, ""),
    "yaml-directive": (PASS, ""),
    "yes-no-bool": (PASS, ""),
    "yes-string": (FAIL, "4: `data.flag` of ConfigMap a: `true` is not a text"),
}


def judged(manifests: str) -> Judgement:
    text = f"kubernetes: {{manifests: {manifests}}}\n"
    contract = parse_contract(text, source="toolkit.yml")
    report = verify(
        Scope(contract),
        checks_for(contract, lambda name: name == "manifests/schema"),
        [FileSystem(FOLDER)],
        today=date(2026, 1, 10),
        on_bug=report_bug,
    )
    (judgement,) = report.judgements
    return judgement


@pytest.mark.parametrize("name", CASES)
def test_the_verdict_is_that_of_the_program_that_reads_the_file(name: str) -> None:
    verdict, said = CASES[name]
    found = judged(f"{name}.yaml")
    assert found.verdict is verdict, found
    texts = [
        f"{each.where.line}: {each.what}".replace(f"{FOLDER.as_posix()}/", "")
        for each in (*found.findings, *found.unproven)
    ]
    assert any(text.startswith(said) for text in texts) if said else not texts


def test_all_files_are_judged() -> None:
    assert sorted(CASES) == sorted(path.stem for path in FOLDER.glob("*.yaml"))


def test_no_file_keeps_the_others_from_being_judged() -> None:
    found = judged('"*.yaml"')
    alone = [judged(f"{name}.yaml") for name in CASES]
    assert {each.what for each in found.findings} >= {e.what for j in alone for e in j.findings}
    assert {each.what for each in found.unproven} >= {
        each.what
        for judgement in alone
        for each in judgement.unproven
        if "skipped" not in each.what and "no manifests" not in each.what
    }
