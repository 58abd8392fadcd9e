"""The configuration says everything that is wrong with it at once."""

from __future__ import annotations

import dataclasses
import os
import subprocess
from pathlib import Path

import pytest

from app.config import Config, ConfigError
from tests.app.running import ROOT, command
from tests.waiting import PATIENCE


def test_an_empty_environment_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Config.from_environment({}) == Config(log_dir=Path("logs"))


def test_everything_can_be_set(tmp_path: Path) -> None:
    environ = {
        "APP_LOG_DIR": str(tmp_path / "not" / "yet"),
        "APP_THREADS": "8",
        "APP_WORK_LIMIT_MS": "100",
        "APP_FAULTS": "on",
        "APP_VERSION": "1.2.3+abc",
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
        "WEB_CONCURRENCY": "3",
    }
    assert Config.from_environment(environ) == Config(
        log_dir=tmp_path / "not" / "yet",
        metrics_dir=tmp_path,
        workers=3,
        threads=8,
        work_limit_ms=100,
        faults=True,
        version="1.2.3+abc",
    )
    assert not (tmp_path / "not").exists(), "reading a configuration changes nothing"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("APP_THREADS", "many"),
        ("APP_THREADS", "0"),
        ("APP_THREADS", "65"),
        ("APP_THREADS", "٣"),
        ("APP_THREADS", ""),
        ("APP_WORK_LIMIT_MS", "-1"),
        ("WEB_CONCURRENCY", "1.5"),
        ("APP_FAULTS", "yes"),
        ("APP_VERSION", "1.0\n"),
        ("APP_VERSION", "v" * 65),
        ("APP_LOG_DIR", ""),
        ("APP_LOG_DIR", "\0"),
        ("APP_LOG_DIR", f"{__file__}/logs"),
        ("PROMETHEUS_MULTIPROC_DIR", __file__),
    ],
)
def test_a_fault_names_its_variable_and_its_value(name: str, value: str) -> None:
    with pytest.raises(ConfigError) as refused:
        Config.from_environment({name: value})
    (fault,) = refused.value.faults
    assert fault.startswith(f"  {name} is {value!r}, wanted ")


def test_a_configuration_does_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Config(log_dir=Path("logs")).workers = 5  # type: ignore[misc]


def test_the_server_does_not_start_with_faults() -> None:
    faulty = {"APP_FAULTS": "maybe", "APP_THREADS": "many", "WEB_CONCURRENCY": "0"}
    run = subprocess.run(
        command(),
        cwd=ROOT,
        env=os.environ | faulty,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert run.returncode == 1
    assert run.stdout == ""
    assert run.stderr.splitlines() == [
        "the configuration is not valid:",
        "  WEB_CONCURRENCY is '0', wanted a whole number from 1 to 64",
        "  APP_THREADS is 'many', wanted a whole number from 1 to 64",
        "  APP_FAULTS is 'maybe', wanted `on` or `off`",
    ]
