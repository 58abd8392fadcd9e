"""The distribution as it is installed, beside other projects."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Environment"]


@dataclass(frozen=True)
class Environment:
    """A virtual environment, and how programs run in it."""

    folder: Path

    @property
    def site(self) -> Path:
        """Where packages are."""
        (found,) = self.folder.glob("lib/python*/site-packages")
        return found

    def install(self, what: Path, *flags: str) -> None:
        """Install a wheel or a project, without looking anything up."""
        pip = [sys.executable, "-m", "pip", "--quiet", "--python", str(self.folder / "bin/python")]
        offline = ["--no-deps", "--no-index", "--no-compile", "--no-build-isolation"]
        command = [*pip, "install", *offline, *flags, str(what)]
        subprocess.run(command, check=True, capture_output=True)

    def run(
        self, program: str, *arguments: str, cwd: Path, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a program of ``bin/``."""
        return subprocess.run(
            [self.folder / "bin" / program, *arguments],
            cwd=cwd,
            env={"PATH": os.environ["PATH"], "COLUMNS": "200", **environment},
            capture_output=True,
            text=True,
            check=False,
        )
