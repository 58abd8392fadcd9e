"""`toolkit scale` for real: processes that are measured, Locust, and nothing left behind."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from tests.waiting import PATIENCE, until

HERE = Path(__file__).parent


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A shop that burns CPU, its manifests, its users, and a contract for a quick run."""
    for name in ("contract.yml", "service.py", "shop.yaml", "users.py"):
        shutil.copy(HERE / name, tmp_path / name)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def start(project: Path, *options: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "toolkit", "scale", *options, "contract.yml"],
        cwd=project,
        env={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(HERE.parents[1]),
            "TOOLKIT_TRUST": "1",
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def scale(project: Path, *options: str, **environment: str) -> tuple[int, str]:
    process = start(project, *options, **environment)
    output, _ = process.communicate(timeout=PATIENCE)
    return process.returncode, output


def children(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return list(psutil.Process(process.pid).children(recursive=True))


def test_out_and_back(project: Path) -> None:
    code, output = scale(project, "--record", "run.jsonl")
    assert code == 0, output
    assert "PASS  4 proved" in output
    assert "1 s here is 30 s for the autoscaler" in output
    assert output.count("replica ") >= 3
    replayed, again = scale(project, "--replay", "run.jsonl")
    assert (replayed, again.count("PASS  4 proved")) == (0, 1)


def test_connections_that_are_kept_leave_new_replicas_idle(project: Path) -> None:
    code, output = scale(project, LOAD_CONNECTIONS="keep")
    assert code == 1, output
    assert "kept alive, they stay with" in " ".join(output.split())


def test_users_who_ask_for_nothing_prove_nothing(project: Path) -> None:
    code, output = scale(project, LOAD_IDLE="1")
    assert code == 3, output
    assert "no requests: the users sent none" in output


def test_a_target_out_of_reach_is_named(project: Path) -> None:
    edit(project / "shop.yaml", "cpu: 100m", "cpu: 1500m")
    edit(project / "shop.yaml", 'cpu: "1"', 'cpu: "2"')
    edit(project / "contract.yml", "users: 20", "users: 2")
    code, output = scale(project)
    assert code == 1, output
    assert "the target is 60 %: 2 users" in " ".join(output.split())


@pytest.mark.parametrize("options", [(), ("--why",)], ids=["load", "why"])
def test_a_missing_request_is_named_without_load(project: Path, options: tuple[str, ...]) -> None:
    edit(project / "shop.yaml", "{cpu: 100m, memory: 64Mi}", "{memory: 64Mi}")
    edit(project / "shop.yaml", 'limits: {cpu: "1", ', "limits: {")
    (project / "service.py").write_text("raise SystemExit('it was started')", "utf-8")
    code, output = scale(project, *options)
    assert code == 1, output
    assert "autoscaling/missing-request" in output
    assert "it was started" not in output


def test_a_locustfile_that_is_not_there_is_named(project: Path) -> None:
    (project / "users.py").unlink()
    code, output = scale(project)
    assert code == 3, output
    assert "there is no locustfile at `users.py`" in output


def test_a_locustfile_that_is_broken_is_named(project: Path) -> None:
    (project / "users.py").write_text("import nothing_of_that_name\n", "utf-8")
    code, output = scale(project)
    assert code == 3, output
    assert "nothing_of_that_name" in output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_breaks_it_off_ends_all_it_has_started(project: Path, number: int) -> None:
    process = start(project)
    until(lambda: len(children(process)) >= 2, "Locust and a replica are started")
    started = children(process)
    process.send_signal(number)
    output, _ = process.communicate(timeout=PATIENCE)
    assert (process.returncode, "interrupted" in output) == (130, True), output
    assert [each for each in started if each.is_running()] == []
