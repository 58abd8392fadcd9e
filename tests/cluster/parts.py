"""The programs of a real cluster: built or unpacked once, kept outside of the checkout.

``python -m tests.cluster.parts`` gets them all, which takes minutes the first time. ``ETCD``,
``KWOK``, ``KUBE_APISERVER`` and so on name others. None of them needs root.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.real.install import unpacked

KUBERNETES = "v1.34.4"
KWOK = "v0.8.0"
FILEBEAT = "v7.17.29"

_HERE = Path(__file__).parent
_CONTROL_PLANE = _HERE / "controlplane"
_SHIPPER = _HERE / "shipper"
_VALIDATOR = _HERE / "validator"
_PLANE = ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "self-signed")
_CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "telemetry-contract"
_FLAGS = "-s -w -X {}={}"
"""Without symbols; with the version that the program says it has."""


class Missing(Exception):
    """What keeps a program from being had here."""


def part(name: str) -> str:
    """Where a program is, made first where it is not there yet.

    Skips the test where it cannot be had.
    """
    if named := os.environ.get(name.upper().replace("-", "_")):
        return named
    try:
        return str(_found(name))
    except Missing as missing:
        pytest.skip(str(missing))


def _found(name: str) -> Path:
    """Get a program; raises `Missing`."""
    if name == "etcd":
        installed = shutil.which(name)
        return Path(installed) if installed else _made("etcd-server", _unpack) / "usr/bin" / name
    if name == "kwok":
        return _made(f"kwok-{KWOK}", _build_kwok) / name
    if name == "filebeat":
        return _made(f"filebeat-{FILEBEAT}-{_digest(_SHIPPER)}", _build_filebeat) / name
    if name == "kube-validator":
        version = f"validator-{KUBERNETES}-{_digest(_VALIDATOR)}"
        return _made(version, _build_validator) / name
    return _made(f"kubernetes-{KUBERNETES}-{_digest(_CONTROL_PLANE)}", _build_plane) / name


def _digest(module: Path) -> str:
    """What was built from other sources is another program."""
    files = sorted(each for each in module.iterdir() if each.suffix in (".go", ".mod", ".sum"))
    return hashlib.sha256(b"".join(each.read_bytes() for each in files)).hexdigest()[:12]


def _made(name: str, make: Callable[[Path], None]) -> Path:
    """The folder of that name, filled once."""
    folder = _CACHE / name
    with _locked(name):
        if not folder.exists():
            scratch = _CACHE / f"{name}.{os.getpid()}"
            scratch.mkdir()
            try:
                make(scratch)
                # Renamed at the end: what was broken off never passes for whole.
                scratch.rename(folder)
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
    return folder


@contextmanager
def _locked(name: str) -> Iterator[None]:
    _CACHE.mkdir(parents=True, exist_ok=True)
    with (_CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _unpack(folder: Path) -> None:
    debian = all(map(shutil.which, ("apt-get", "dpkg-deb")))
    if not debian or not unpacked("etcd-server", folder):
        raise Missing("etcd cannot be had: install the package `etcd-server`, or set ETCD")


def _build_plane(folder: Path) -> None:
    flags = _FLAGS.format("k8s.io/component-base/version.gitVersion", KUBERNETES)
    first, *others = _PLANE
    _go(_CONTROL_PLANE, ["build", "-ldflags", flags, "-o", str(folder / first), "."], folder)
    for name in others:
        (folder / name).hardlink_to(folder / first)


def _build_kwok(folder: Path) -> None:
    flags = _FLAGS.format("sigs.k8s.io/kwok/pkg/consts.Version", KWOK)
    _go(_HERE, ["install", "-ldflags", flags, f"sigs.k8s.io/kwok/cmd/kwok@{KWOK}"], folder)


def _build_filebeat(folder: Path) -> None:
    _go(_SHIPPER, ["build", "-ldflags", "-s -w", "-o", str(folder / "filebeat"), "."], folder)


def _build_validator(folder: Path) -> None:
    _go(
        _VALIDATOR,
        ["build", "-ldflags", "-s -w", "-o", str(folder / "kube-validator"), "."],
        folder,
    )


def _go(where: Path, arguments: list[str], folder: Path) -> None:
    if shutil.which("go") is None:
        raise Missing(f"{folder.stem} cannot be built: Go is not here")
    environment = {
        **os.environ,
        "CGO_ENABLED": "0",
        "GOBIN": str(folder),
        "GOFLAGS": "-buildvcs=false -trimpath",
    }
    done = subprocess.run(
        ["go", *arguments],
        cwd=where,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = re.sub(r"^go: downloading .*\n", "", done.stderr, flags=re.M)
        raise Missing(f"go {arguments[0]} failed: {said.strip()[-1500:]}")


def _main() -> None:
    for name in ("etcd", "kwok", "filebeat", "kube-validator", *_PLANE):
        begun = time.monotonic()
        sys.stderr.write(f"{name} … ")
        sys.stderr.flush()
        try:
            _found(name)
        except Missing as missing:
            sys.exit(f"\n{missing}")
        sys.stderr.write(f"{time.monotonic() - begun:.0f} s\n")


if __name__ == "__main__":
    _main()
