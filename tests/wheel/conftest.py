"""A virtual environment in which the built wheel is installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.wheel import Environment

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of what goes into it."""
    source = tmp_path_factory.mktemp("source")
    for name in ("toolkit", "telemetry_contract"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, source / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    command = ["-m", "build", "--wheel", "--no-isolation", "--outdir", str(source)]
    subprocess.run([sys.executable, *command], cwd=source, check=True, capture_output=True)
    (built,) = source.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An environment with the wheel; what it depends on is that of this one."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder)
    found = Environment(folder)
    found.install(wheel)
    # A line of a .pth file adds a folder to the path, and does not run the .pth files in it.
    (found.site / "zz.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return found
