"""Loading takes no more memory for many lines than for few."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.load import measured
from tests.live.guard import guarded

CONTRACT = """\
logs:
  - {pipeline: app.conf, index: app, fields: {status: {type: short, role: status}}}
"""
PIPELINE = 'filter { dissect { mapping => { "message" => "%{path} %{status}" } } }'
FEW, MANY = 5_000, 20_000
LINE = 2000
"""Bytes: who keeps the lines keeps 30 MB more of many than of few; the events take more."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "toolkit.yml").write_text(CONTRACT, "utf-8")
    (tmp_path / "app.conf").write_text(PIPELINE, "utf-8")
    for name, count in (("few.log", FEW), ("many.log", MANY)):
        with (tmp_path / name).open("w", encoding="utf-8") as file:
            file.writelines(f"/{number:0{LINE}} 200\n" for number in range(count))
    return tmp_path


def growth(project: Path, *command: str) -> float:
    """How many MB more a command takes at most for many lines than for few."""
    start = [sys.executable, "-m", "toolkit", "logs", *command]
    few, many = (measured([*start, name], project).peak for name in ("few.log", "many.log"))
    return (many - few) / 1e6


def test_loading_into_elasticsearch(project: Path) -> None:
    with guarded(None) as (url, _):
        assert growth(project, "load", "--elasticsearch", url) < 15


def test_loading_into_a_store(project: Path) -> None:
    # The store itself may take 64 MB, and has not taken all of it with few lines.
    assert growth(project, "load") < 50
