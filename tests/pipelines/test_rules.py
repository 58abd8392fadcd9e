"""The shipped rules, judged by the real promtool."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.real import program

RULES = Path(__file__).parents[2] / "pipelines" / "prometheus"


@pytest.mark.parametrize(
    "arguments",
    [["check", "rules", "--lint-fatal", "rules.yml"], ["test", "rules", "rules.test.yml"]],
    ids=["check", "test"],
)
def test_promtool_accepts_the_rules(arguments: list[str]) -> None:
    command = [program("promtool"), *arguments]
    done = subprocess.run(command, cwd=RULES, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "SUCCESS" in done.stdout
