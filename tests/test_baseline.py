"""A baseline accepts what was there, wherever it moved, and nothing that is new."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.projects import CONFIGURATION, project, toolkit
from tests.test_pytest_plugin import run
from toolkit.findings import Finding, Location, Subject
from toolkit.model.baseline import fingerprint

CONTRACT = """\
kubernetes: {manifests: '*.yaml'}
logs: [{samples: app.log, pipeline: app.conf, fields: {method: keyword}}]
"""
BROKEN = "GET / status=200\nGET / status=-\n"
BLIND = 'filter { dns { resolve => ["method"] action => "replace" } }\n'
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: NAME}
spec: {selector: {app: NAME}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "web:1"}]}
"""
BASELINE = ("--baseline", "known.json")
FOUND = Finding("5 of 20 lines", Location("app.log", 3, 7, "took 4 ms id=3fa85f64"), "why", "fix")


@pytest.fixture(scope="module")
def accepted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with two findings, and a baseline that has them."""
    made = tmp_path_factory.mktemp("accepted")
    project(made, CONTRACT, app_log=BROKEN, a_yaml=SERVICE.replace("NAME", "shop"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(made)
        assert toolkit("verify").exit_code == 1
        written = toolkit("verify", *BASELINE, "--update-baseline")
    assert written.exit_code == 0
    assert "2 accepted: in the baseline known.json" in written.stdout
    return made


@pytest.fixture
def folder(accepted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, and the working folder."""
    found = shutil.copytree(accepted, tmp_path / "shop")
    monkeypatch.chdir(found)
    return found


def entries(folder: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads((folder / "known.json").read_text())["accepted"]
    return found


def test_lines_may_move(folder: Path) -> None:
    for name in ("a.yaml", "app.log"):
        text = (folder / name).read_text("utf-8")
        head = "# moved\n" if name == "a.yaml" else "GET / status=201\n"
        (folder / name).write_text(head + text, "utf-8")
    found = toolkit("verify", *BASELINE)
    assert found.exit_code == 0, found.output
    assert "0 broken, 0 not proved, 2 accepted" in found.stdout
    assert "!" not in found.stdout


def test_another_folder_may_be_the_working_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    baseline = ("--baseline", f"{folder.name}/known.json")
    assert toolkit("verify", folder.name, *baseline).exit_code == 0


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("b.yaml", SERVICE.replace("NAME", "cart").partition("---")[0]),
        ("a.yaml", SERVICE.replace("NAME", "cart")),
        ("app.log", BROKEN + "GET - status=200 and more\nPUT\n"),
    ],
)
def test_what_is_new_fails(name: str, text: str, folder: Path) -> None:
    (folder / name).write_text(text, "utf-8")
    assert toolkit("verify", *BASELINE).exit_code == 1


def test_what_is_gone_is_reported_at_its_line_and_removed(folder: Path) -> None:
    (folder / "app.log").write_text("GET / status=200\n", "utf-8")
    found = toolkit("verify", *BASELINE)
    assert found.exit_code == 0
    number = next(n for n, e in enumerate(entries(folder), 2) if e["where"] == "app.log")
    assert f"! known.json:{number}:3  no longer found at app.log: " in found.stdout
    assert found.stdout.count("anew with `--update-baseline`") == 1
    assert toolkit("verify", *BASELINE, "--strict").exit_code == 1
    toolkit("verify", *BASELINE, "--update-baseline")
    assert [each["where"] for each in entries(folder)] == ["a.yaml"]
    assert "!" not in toolkit("verify", *BASELINE, "--strict").stdout


def test_what_a_run_does_not_judge_is_not_gone(folder: Path) -> None:
    only = ("--only", "manifests/*", *BASELINE)
    assert "!" not in toolkit("verify", *only, "--strict").stdout
    before = entries(folder)
    toolkit("verify", *only, "--update-baseline")
    assert entries(folder) == before
    (folder / "app.log").unlink()
    missing = toolkit("verify", *BASELINE)
    assert missing.exit_code == 3
    assert "!" not in missing.stdout


def test_a_step_that_the_contract_no_longer_has_is_gone(folder: Path) -> None:
    (folder / "toolkit.yml").write_text(CONTRACT.partition("\n")[0], "utf-8")
    assert "no longer found at app.log" in toolkit("verify", *BASELINE).stdout


def test_what_is_unproven_is_one_entry_for_all_its_checks(folder: Path) -> None:
    (folder / "app.conf").write_text(CONFIGURATION + BLIND, "utf-8")
    assert toolkit("verify", *BASELINE).exit_code == 3
    assert toolkit("verify", *BASELINE, "--update-baseline").exit_code == 0
    assert [each["where"] for each in entries(folder) if each.get("unproven")] == ["app.conf"]
    (*_, told) = toolkit("verify", *BASELINE).stdout.splitlines()
    assert told.endswith("0 not proved, 4 accepted (4 by baseline, 2 unproven)")
    (folder / "app.conf").write_text("# moved\n" + CONFIGURATION + BLIND, "utf-8")
    assert toolkit("verify", *BASELINE).exit_code == 0


def test_the_suppressions_of_the_contract_go_first(folder: Path) -> None:
    suppress = "suppress: [{check: logs/no-match, reason: r, expires: 2999-01-01}]\n"
    (folder / "toolkit.yml").write_text(CONTRACT + suppress, "utf-8")
    found = toolkit("verify", *BASELINE)
    assert "accepted until 2999-01-01: r" in found.stdout
    assert "no longer found at app.log" in found.stdout


def test_each_format_counts_what_is_accepted(folder: Path) -> None:
    forms = [f"--format={each}" for each in ("json", "junit", "github")]
    files = [f"--output=report.{each}" for each in ("json", "junit", "github")]
    assert toolkit("verify", *BASELINE, *forms, *files).exit_code == 0
    judged = json.loads((folder / "report.json").read_text("utf-8"))["judgements"]
    accepted = [found for each in judged for found in each["accepted"]]
    assert {each["reason"] for each in accepted} == {"in the baseline known.json"}
    assert {each["expires"] for each in accepted} == {None}
    assert {each["fingerprint"] for each in accepted} == {
        each["fingerprint"] for each in entries(folder)
    }
    xml = (folder / "report.junit").read_text("utf-8")
    assert xml.count("accepted: in the baseline known.json") == 2
    assert 'failures="0"' in xml
    assert (folder / "report.github").read_text("utf-8") == ""


@pytest.mark.parametrize(
    "arguments",
    [("--toolkit-baseline", "known.json"), ("-o", "toolkit_baseline=known.json")],
    ids=["option", "setting"],
)
def test_pytest_accepts_it(arguments: tuple[str, ...], folder: Path) -> None:
    done = run(folder, *arguments, "-rP")
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("accepted: in the baseline known.json") == 2


def test_pytest_misses_one_that_is_not_there(folder: Path) -> None:
    missing = run(folder, "--toolkit-baseline", "other.json")
    assert missing.returncode == 2
    assert "there is no baseline at `other.json`" in missing.stdout


@pytest.mark.parametrize(
    ("arguments", "text", "what"),
    [
        (BASELINE, None, "there is no baseline at `known.json`"),
        (["--update-baseline"], "", "`--update-baseline` names no file"),
        (BASELINE, "{", "the baseline is not valid JSON"),
        (BASELINE, "{", "fix  move the file away, and write it anew with `--update-baseline`."),
        (BASELINE, "[]", "the file is no baseline"),
        (BASELINE, '{"version": 2, "accepted": []}', "the file is no baseline"),
        (BASELINE, '{"version": 1,\n"accepted": [3]}', "known.json:2:14"),
        (["--baseline", "no/b.json", "--update-baseline"], "", "cannot be written"),
    ],
)
def test_a_baseline_that_is_not_understood(
    arguments: list[str], text: str | None, what: str, folder: Path
) -> None:
    path = folder / "known.json"
    path.unlink()
    if text is not None:
        path.write_text(text, "utf-8")
    found = toolkit("verify", *arguments)
    assert found.exit_code == 2
    assert what in found.output


def test_the_same_findings_are_the_same_file(folder: Path) -> None:
    before = (folder / "known.json").read_text("utf-8")
    shutil.copy("known.json", "other.json")
    toolkit("verify", *BASELINE, "--update-baseline")
    assert (folder / "known.json").read_text("utf-8") == before
    toolkit("verify", "--baseline", "other.json", "--update-baseline")
    assert (folder / "other.json").read_text("utf-8") == before


def changed(
    what: str = FOUND.what, source: str = "app.log", excerpt: str = FOUND.where.excerpt
) -> Finding:
    return replace(FOUND, what=what, where=Location(source, 9, 1, excerpt))


@pytest.mark.parametrize(
    ("found", "same"),
    [
        (changed(), True),
        (changed(what="6 of 21 lines"), True),
        (changed(what="no line"), False),
        (changed(source="other.log"), False),
        (changed(excerpt="took 41.5 ms id=9c8b7a60"), True),
        (changed(excerpt="  took 4 ms   id=3fa85f64 "), True),
        (changed(excerpt="took web-4 ms id=3fa85f64"), False),
        (replace(FOUND, breaks=(Subject("field", "ms"),)), False),
    ],
)
def test_a_fingerprint_is_of_what_remains(found: Finding, same: bool) -> None:
    first = fingerprint("logs/no-match", FOUND, "toolkit.yml")
    assert (fingerprint("logs/no-match", found, "toolkit.yml") == first) is same
    assert fingerprint("logs/other", FOUND, "toolkit.yml") != first


def test_numbers_within_names_are_names() -> None:
    one, two = (replace(FOUND, what=f"Service `web-{n}` selects nothing") for n in (1, 2))
    assert fingerprint("a/b", one, "toolkit.yml") != fingerprint("a/b", two, "toolkit.yml")


def test_with_subjects_the_wording_may_change() -> None:
    one, two = (
        replace(FOUND, what=what, breaks=(Subject("field", "ms"),)) for what in ("old", "new")
    )
    assert fingerprint("a/b", one, "toolkit.yml") == fingerprint("a/b", two, "toolkit.yml")
