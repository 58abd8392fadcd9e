"""What `toolkit init` finds and writes; its verdicts on small trees are in `tests/trees`."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tests.acceptance import ROOT, toolkit


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


def test_a_contract_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "toolkit.yml").write_text("version: 1\n", "utf-8")
    run = toolkit("init", folder=tmp_path)
    assert run.code == 2
    assert "never overwrites" in run.err
    assert (tmp_path / "toolkit.yml").read_text("utf-8") == "version: 1\n"


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
    assert "no files were found" in run.err
    assert not (tmp_path / "toolkit.yml").exists()
