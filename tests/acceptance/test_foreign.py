"""Projects nobody prepared: `toolkit init && toolkit verify` gives a useful verdict."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.acceptance import ROOT, toolkit

FOREIGN = ROOT / "tests" / "foreign"

VERDICTS = {
    # A status without `:int` is stored as text, and the user agent goes into the object
    # `agent` that Filebeat sends, so that every event is refused.
    "nginx": (1, ["logs/typed-fields", "elasticsearch/would-reject"], []),
    # Lines are joined by the codec; what reaches the `ruby` filter is unproven, by name.
    "java": (3, [], ["logstash/conf.d/20-filter.conf:14"]),
    # A recording rule's name is misspelt; without an exposition more cannot be said.
    "rules": (1, ["metrics/unrecorded"], ["toolkit.yml:18"]),
}


@pytest.fixture
def tree(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / str(request.param)
    shutil.copytree(FOREIGN / str(request.param), folder)
    return folder


@pytest.mark.parametrize(("tree", "verdict"), VERDICTS.items(), ids=VERDICTS, indirect=["tree"])
def test_a_verdict_without_editing(tree: Path, verdict: tuple[int, list[str], list[str]]) -> None:
    code, checks, doubts = verdict
    written = toolkit("init", folder=tree)
    assert written.code == 0, written.err
    assert written.out.endswith("next: toolkit verify\n")
    run = toolkit("verify", "--format", "json", folder=tree)
    report = run.json()
    assert run.code == code
    assert [finding["check"] for finding in report["findings"]] == checks
    places = {
        f"{doubt['where']['source']}:{doubt['where']['line']}"
        for judgement in report["judgements"]
        for doubt in judgement["unproven"]
    }
    assert sorted(places) == doubts


def test_all_that_is_found_stands_in_the_contract(tmp_path: Path) -> None:
    for name in ("k8s", "pipelines"):
        shutil.copytree(ROOT / name, tmp_path / name)
    written = toolkit("init", folder=tmp_path)
    assert written.code == 0, written.err
    run = toolkit("verify", "--format", "json", folder=tmp_path)
    report = run.json()
    # Without an exposition, what rules and dashboards read cannot be proved.
    assert (run.code, report["findings"]) == (3, [])
    hops = {judgement["check"].partition("/")[0] for judgement in report["judgements"]}
    assert hops >= {"logs", "elasticsearch", "kibana", "metrics", "dashboards", "manifests"}
    assert "ecs_compatibility: v8\n" in (tmp_path / "toolkit.yml").read_text("utf-8")


@pytest.mark.parametrize("tree", ["nginx"], indirect=True)
def test_a_contract_is_never_overwritten(tree: Path) -> None:
    (tree / "toolkit.yml").write_text("version: 1\n", "utf-8")
    run = toolkit("init", folder=tree)
    assert run.code == 2
    assert "never overwrites" in run.err
    assert (tree / "toolkit.yml").read_text("utf-8") == "version: 1\n"


def test_what_is_no_file_is_passed_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.log")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "app.conf").write_text("filter { mutate { add_tag => x } }\n", "utf-8")
    run = toolkit("init", folder=tmp_path)
    assert run.code == 0, run.err
    assert "pipe.log" not in run.out


def test_a_folder_with_nothing_is_said_to_have_nothing(tmp_path: Path) -> None:
    run = toolkit("init", folder=tmp_path)
    assert run.code == 2
    assert "nothing was found" in run.err
    assert not (tmp_path / "toolkit.yml").exists()
