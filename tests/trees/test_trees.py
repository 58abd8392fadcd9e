"""Repositories of other people: what `toolkit init` and `toolkit verify` say of them is right."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.projects import toolkit
from tests.real.kubectl import program

FOLDER = Path(__file__).parent
TREES = sorted(path.name for path in FOLDER.iterdir() if (path / "expected.yml").is_file())
KEYS = {"why", "exit", "findings", "unproven", "says", "never", "contract", "rendered"}


@dataclass(frozen=True)
class Outcome:
    """What the commands printed, and how the last of them ended."""

    code: int
    texts: str
    report: dict[str, Any]

    def findings(self) -> Iterator[str]:
        """Each finding above a note, as ``check path:line``, its further places too."""
        for each in self.report.get("findings", ()):
            if each["severity"] != "info":
                for where in (each["where"], *each["also_at"]):
                    yield f"{each['check']} {_place(where)}"

    def unproven(self) -> Iterator[str]:
        """Each place that could not be looked at, once."""
        judgements = self.report.get("judgements", ())
        places = (_place(e["where"]) for each in judgements for e in each["unproven"])
        return iter(dict.fromkeys(places))


def _place(where: dict[str, Any]) -> str:
    """File and line; the contract without its line, as most of them are generated."""
    source, line = where["source"], where["line"]
    return f"{source}:{line}" if line and source != "toolkit.yml" else str(source)


def _outcome(folder: Path) -> Outcome:
    texts: list[str] = []
    if not (folder / "toolkit.yml").exists():
        written = toolkit("init", TOOLKIT_RAISE="1")
        texts.append(written.output)
        if written.exit_code:
            return Outcome(written.exit_code, " ".join(texts), {})
    run = toolkit(
        *("verify", "--format", "text", "--format", "json", "--output", "-"),
        *("--output", "report.json"),
        TOOLKIT_RAISE="1",
    )
    texts.append(run.output)
    path = folder / "report.json"
    report = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return Outcome(run.exit_code, "\n".join(texts), report)


def _expected(name: str) -> dict[str, Any]:
    expected: dict[str, Any] = yaml.safe_load((FOLDER / name / "expected.yml").read_text("utf-8"))
    return expected


RENDERED = [name for name in TREES if "rendered" in _expected(name)]


@pytest.fixture
def tree(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of a tree, in which the commands run; no program that renders is on the path."""
    folder = tmp_path / str(request.param)
    ignored = shutil.ignore_patterns("expected.yml")
    shutil.copytree(FOLDER / str(request.param), folder, ignore=ignored)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PATH", str(tmp_path))
    return folder


@pytest.mark.parametrize(("tree", "name"), [(each, each) for each in TREES], indirect=["tree"])
def test_the_verdict_is_right(tree: Path, name: str) -> None:
    expected = _expected(name)
    assert expected.keys() <= KEYS
    assert expected["why"]
    _compare(expected, tree)


@pytest.mark.parametrize(("tree", "name"), [(each, each) for each in RENDERED], indirect=["tree"])
def test_the_verdict_is_right_with_helm_and_kubectl(tree: Path, name: str) -> None:
    for each in ("helm", "kubectl"):
        (tree.parent / each).symlink_to(program(each))
    _compare(_expected(name)["rendered"], tree)


def _compare(expected: dict[str, Any], folder: Path) -> None:
    found = _outcome(folder)
    assert sorted(found.findings()) == sorted(expected.get("findings", ())), found.texts
    assert sorted(found.unproven()) == sorted(expected.get("unproven", ())), found.texts
    assert found.code == expected["exit"], found.texts
    text = " ".join(found.texts.split())
    assert [each for each in expected.get("says", ()) if each not in text] == []
    assert [each for each in expected.get("never", ()) if each in text] == []
    if wanted := expected.get("contract"):
        written = (folder / "toolkit.yml").read_text("utf-8")
        assert [each for each in wanted if each not in written] == []


def test_each_folder_is_a_tree() -> None:
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir()} - {"__pycache__"}
    assert folders == set(TREES)
