"""Unpack the real programs of Debian's packages, without root and without starting services.

``python -m tests.real.install FOLDER``. What cannot be had is said, and its tests then skip
(or fail, with REQUIRE_REAL=1).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGES = ("prometheus",)
ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"


def main(folder: Path) -> None:
    """Download and unpack each package below ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        sys.stderr.write("no apt-get here: tests that need real servers will say so\n")
        return
    for package in PACKAGES:
        if not unpacked(package, folder):
            sys.stderr.write(f"{package} cannot be downloaded: its tests will say so\n")
    if not _built(folder / "usr" / "bin"):
        sys.stderr.write("actionlint cannot be built: its test will say so\n")


def unpacked(package: str, folder: Path) -> bool:
    """Unpack a package below ``folder``; whether it could be downloaded."""
    with tempfile.TemporaryDirectory() as scratch:
        if not _download(package, scratch) and not (_update() and _download(package, scratch)):
            return False
        for archive in Path(scratch).glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", str(archive), str(folder)], check=True)
    return True


def _built(folder: Path) -> bool:
    """Build the linter of workflows, which no package registry but Go's has whole."""
    if shutil.which("go") is None:
        return False
    environment = {**os.environ, "GOBIN": str(folder.resolve()), "GOFLAGS": "-mod=mod"}
    command = ["go", "install", ACTIONLINT]
    return (
        subprocess.run(command, env=environment, capture_output=True, check=False).returncode == 0
    )


def _download(package: str, folder: str) -> bool:
    return _quietly(["apt-get", "download", package], folder)


def _update() -> bool:
    """Fetch the package lists, which a new machine may lack; only root can."""
    return os.geteuid() == 0 and _quietly(["apt-get", "update"], "/")


def _quietly(command: list[str], folder: str) -> bool:
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return done.returncode == 0


if __name__ == "__main__":
    main(Path(sys.argv[1]))
