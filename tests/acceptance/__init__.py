"""What must be shown: the toolkit run as people run it, on whole repositories."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.waiting import PATIENCE

__all__ = ["ROOT", "Run", "copied", "toolkit"]

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Run:
    """How a call of the toolkit ended."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """What it printed, read as JSON."""
        return json.loads(self.out)


def toolkit(*arguments: str, folder: Path, **environment: str) -> Run:
    """Call the toolkit in ``folder``, as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "toolkit", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Run(done.returncode, done.stdout, done.stderr)


def copied(folder: Path) -> Path:
    """Copy into ``folder`` what the contract of this repository speaks of."""
    for name in (".github", "app", "pipelines", "k8s", "loadtests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "docs").mkdir()
    for name in ("toolkit.yml", "README.md", "Makefile", "docs/reference-stack.md"):
        shutil.copy(ROOT / name, folder / name)
    return folder
