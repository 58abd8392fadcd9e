"""Build the image with buildah, on a base made here: no container registry is needed.

The base is Debian as debootstrap makes it, with Debian's Python, under the name that the
Dockerfile gives its base. It is kept outside the checkout; the image itself is built anew.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
_CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "telemetry-contract"
_PROGRAMS = ("buildah", "debootstrap", "unshare")
_TRUST = Path("/etc/ssl/certs/ca-certificates.crt")
_PIP = Path("/etc/pip.conf")


class Missing(Exception):
    """What keeps an image from being built here."""


@dataclass(frozen=True)
class Image:
    """An image that was built: its files, and what a container of it is given."""

    root: Path
    config: dict[str, Any]
    """``Cmd``, ``Env``, ``User``, ``WorkingDir``, ``Healthcheck``, …"""


def base_of(dockerfile: str) -> str:
    """The image that the last stage starts from, its arguments put in."""
    arguments = dict(re.findall(r"^ARG (\w+)=(\S+)$", dockerfile, re.M))
    name: str = re.findall(r"^FROM (\S+)", dockerfile, re.M)[-1]
    return re.sub(r"\$\{(\w+)\}", lambda found: arguments[found[1]], name)


@contextmanager
def built(scratch: Path) -> Iterator[Image]:
    """Build the Dockerfile of this project; its storage goes with the scratch folder.

    Raises `Missing`; a build that fails fails the test.
    """
    if absent := [name for name in _PROGRAMS if shutil.which(name) is None]:
        raise Missing(f"{', '.join(absent)} not installed: apt-get install buildah debootstrap")
    buildah = _Buildah(scratch)
    buildah.make_base(base_of((ROOT / "Dockerfile").read_text("utf-8")))
    buildah("bud", "--format", "docker", "--isolation", "chroot", "--network", "host",
            "--pull-never", "--tag", "image", str(ROOT))  # fmt: skip
    container = buildah("from", "--pull-never", "image")
    described = json.loads(buildah("inspect", container))
    try:
        yield Image(Path(buildah("mount", container)), described["Docker"]["config"])
    finally:
        buildah("umount", container)


class _Buildah:
    """buildah with a storage of its own, which has nothing to do with that of the machine."""

    def __init__(self, scratch: Path) -> None:
        self._options = ("--root", str(scratch / "storage"), "--runroot", str(scratch / "run"),
                         "--storage-driver", "vfs")  # fmt: skip

    def __call__(self, command: str, *arguments: str) -> str:
        done = subprocess.run(
            ["buildah", *self._options, command, *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            pytest.fail(f"buildah {command} failed:\n{done.stderr[-3000:]}")
        return done.stdout.strip()

    def make_base(self, name: str) -> None:
        container = self("from", "scratch")
        self("add", "--quiet", container, str(_base(name)), "/")
        self("commit", "--quiet", container, f"docker.io/library/{name}")


def _base(name: str) -> Path:
    """The files of the base, packed; made once."""
    release = name.rpartition("-")[2]
    packed = _CACHE / f"python-base-{release}.tar"
    if not packed.exists():
        _CACHE.mkdir(parents=True, exist_ok=True)
        folder = _CACHE / f"python-base-{release}.{os.getpid()}"
        try:
            _bootstrap(release, folder)
            archive = shutil.make_archive(str(folder), "tar", folder)
            Path(archive).replace(packed)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return packed


def _bootstrap(release: str, folder: Path) -> None:
    done = subprocess.run(
        ["debootstrap", "--variant=minbase", "--include=python3,python3-venv,ca-certificates",
         release, str(folder)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Missing(f"debootstrap cannot make the base: {done.stdout[-500:]}")
    (folder / "usr/local/bin/python").symlink_to("../../bin/python3")
    # This machine's way to the package index works inside as well.
    for file in (_TRUST, _PIP):
        if file.exists():
            shutil.copyfile(file, folder / file.relative_to("/"))
