"""The way into `toolkit`, under a name that no other project has.

Other projects have a package ``toolkit`` too, and a process has room for one of them. The
command, a process of its own, takes ours, whatever else can be imported. pytest, a process of
theirs, takes ours only where there is no other. docs/decisions/0031-neighbours.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path

__all__ = ["HOME", "is_ours", "neighbour", "take_the_name"]

HOME = Path(__file__).parents[1] / "toolkit"
"""Our package."""


def is_ours(package: Path) -> bool:
    """Test if a folder is our package, this copy of it or another."""
    try:
        return b"telemetry-contract" in (package / "__init__.py").read_bytes()
    except OSError:
        return False


def take_the_name() -> None:
    """Let ``import toolkit`` mean our package in this process.

    Its ``__init__`` is not run: that would leave the name to a neighbour.
    """
    spec = PathFinder.find_spec("toolkit", [str(HOME.parent)])
    if spec is not None:
        sys.modules["toolkit"] = module_from_spec(spec)


def neighbour(folders: Iterable[Path]) -> str | None:
    """Find a ``toolkit`` that is not ours: imported already, importable, or in ``folders``.

    Where there is none, ``toolkit`` is ours in this process from now on.
    """
    for found in (folder / name for folder in folders for name in ("toolkit", "toolkit.py")):
        modules = () if is_ours(found) else (*found.glob("*.py"), *found.glob("*/*.py"))
        if modules or found.is_file():
            return str(found)
    try:
        # Ours gives way to another, if there is one: `toolkit/__init__.py`.
        import toolkit
    except Exception:
        return "toolkit"
    origin = getattr(toolkit, "__file__", None) or next(iter(toolkit.__path__))
    return None if is_ours(Path(origin).parent) else origin
