"""Packages that are installed for the time of a test."""

from __future__ import annotations

import shutil
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from toolkit.checks import all_checks
from toolkit.extensions import provided
from toolkit.logstash.filters import filter_class


def write(folder: Path, kind: str, names: str, **modules: str) -> Path:
    """Write a project whose entry points of one kind are ``names``, such as ``"a = module"``."""
    folder.mkdir(exist_ok=True)
    points = "\n".join(f"{name.strip()} = {value.strip()!r}" for name, value in _pairs(names))
    (folder / "pyproject.toml").write_text(
        f"[project]\nname = '{folder.name}'\nversion = '1.2'\n"
        f"[project.entry-points.'toolkit.{kind}']\n{points}\n"
    )
    for name, text in modules.items():
        path = folder / (name.replace("__", "/") + ".py")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return folder


def _pairs(names: str) -> list[list[str]]:
    return [each.split("=") for each in names.split(",")]


def install(project: Path, site: Path) -> None:
    """Put a project of pure Python where it can be imported, as pip does, in no time."""
    shutil.copytree(project, site, dirs_exist_ok=True)
    metadata: dict[str, Any] = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))
    name, version = (metadata["project"][key] for key in ("name", "version"))
    info = site / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (info / "entry_points.txt").write_text(
        "".join(
            f"[{group}]\n" + "".join(f"{key} = {value}\n" for key, value in points.items())
            for group, points in metadata["project"]["entry-points"].items()
        )
    )


@contextmanager
def installed(*projects: Path, site: Path) -> Iterator[None]:
    """Install projects into ``site``, and let this process import them for a while."""
    before = {*sys.modules}
    for project in projects:
        install(project, site)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(site)
        _forget()
        yield
    _forget()
    for name in {*sys.modules} - before:
        module = sys.modules[name]
        of_theirs = str(getattr(module, "__file__", "")).startswith(str(site))
        if of_theirs or module.__name__ != name:
            del sys.modules[name]


def _forget() -> None:
    provided.cache_clear()
    filter_class.cache_clear()
    all_checks.cache_clear()
