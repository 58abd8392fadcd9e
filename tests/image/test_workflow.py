"""The workflow grants little, pins what it uses, and cannot pass over an empty scan."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.image.building import ROOT
from tests.real import program

FILE = ROOT / ".github/workflows/main.yml"
TEXT = FILE.read_text("utf-8")
WORKFLOW: dict[str, Any] = yaml.safe_load(TEXT)
JOBS: dict[str, dict[str, Any]] = WORKFLOW["jobs"]


def linter(name: str) -> str:
    """A linter that pip put beside Python, or one that is found as other programs are."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.is_file() else program(name)


@pytest.mark.parametrize(
    "command",
    [
        ["hadolint", "Dockerfile"],
        ["actionlint", str(FILE)],
        ["zizmor", "--offline", "--no-progress", "--persona", "pedantic", str(FILE)],
    ],
    ids=lambda command: command[0],
)
def test_the_linters_have_nothing_to_say(command: list[str]) -> None:
    name, *arguments = command
    done = subprocess.run(
        [linter(name), *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_action_is_pinned_by_its_commit_and_says_its_version() -> None:
    used = re.findall(r"uses: (.*)", TEXT)
    assert used
    for each in used:
        assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each)
    commits: dict[str, set[str]] = {}
    for each in used:
        name, _, pin = each.partition("@")
        commits.setdefault("/".join(name.split("/")[:2]), set()).add(pin)
    assert all(len(pins) == 1 for pins in commits.values())


def test_a_job_is_granted_what_it_needs_and_given_an_end() -> None:
    assert WORKFLOW["permissions"] == {}
    writes = {
        name: [what for what, how in job["permissions"].items() if how == "write"]
        for name, job in JOBS.items()
    }
    assert writes == {
        "check": [], "test": [], "cluster": [], "verify": [],
        "image": ["security-events"], "push": ["packages"],
    }  # fmt: skip


def minutes(job: str) -> int:
    """The most that a job and those before it may take."""
    before = JOBS[job].get("needs", [])
    return int(JOBS[job]["timeout-minutes"]) + max(map(minutes, before), default=0)


def test_all_is_known_within_an_hour() -> None:
    assert max(map(minutes, JOBS)) <= 60


def test_every_test_that_the_makefile_has_is_run_and_nothing_is_skipped() -> None:
    for name, target in (("test", "make test"), ("cluster", "make test-cluster")):
        assert JOBS[name]["env"] == {"REQUIRE_REAL": "1"}
        assert JOBS[name]["steps"][-1] == {"run": target}


def test_only_main_is_pushed_and_only_what_was_scanned() -> None:
    assert JOBS["push"]["if"] == "github.event_name == 'push' && github.ref == 'refs/heads/main'"
    assert JOBS["push"]["needs"] == ["image"]
    assert JOBS["image"]["needs"] == ["check", "test", "cluster", "verify"]
    assert not any("checkout" in step.get("uses", "") for step in JOBS["push"]["steps"])


def test_the_scan_is_looked_at_shown_and_only_then_judged() -> None:
    steps = [step.get("name") or step.get("uses", "").split("@")[0] or step["run"]
             for step in JOBS["image"]["steps"]]  # fmt: skip
    order = ["Scan", "Refuse a scan that is missing or empty", "actions/upload-artifact",
             "github/codeql-action/upload-sarif", "Refuse what is severe and can be mended",
             "Keep the very image that was scanned"]  # fmt: skip
    assert [steps.index(each) for each in order] == sorted(steps.index(each) for each in order)


@pytest.mark.parametrize(
    ("scan", "refused"),
    [
        (None, True),
        ("", True),
        ("{}", True),
        ('{"runs": []}', True),
        ('{"runs": [{"results": []}]}', True),
        ('{"runs": [{"results": [{"ruleId": "CVE-2026-1"}]}]}', False),
    ],
)
def test_a_scan_that_saw_nothing_is_refused(
    scan: str | None, refused: bool, tmp_path: Path
) -> None:
    if shutil.which("jq") is None:
        pytest.skip("jq is not installed")
    [step] = (s for s in JOBS["image"]["steps"] if "Refuse a scan" in s.get("name", ""))
    if scan is not None:
        (tmp_path / "scan.sarif").write_text(scan, "utf-8")
    done = subprocess.run(
        ["bash", "-e", "-c", step["run"]], cwd=tmp_path, capture_output=True, check=False
    )
    assert (done.returncode != 0) is refused


def test_the_report_is_shown_even_if_the_contract_is_broken() -> None:
    steps = JOBS["verify"]["steps"]
    [verify] = (each for each in steps if "toolkit verify" in each.get("run", ""))
    after = steps[steps.index(verify) + 1 :]
    assert "--format github" in verify["run"]
    assert "GITHUB_STEP_SUMMARY" in after[0]["run"]
    assert all(each["if"] == "${{ !cancelled() }}" for each in after)
    assert after[1]["with"]["if-no-files-found"] == "error"
