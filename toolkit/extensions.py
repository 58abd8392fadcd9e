"""Checks, filters and report formats that other installed packages provide.

Such a package names the module of each in its metadata, as an entry point of the group
``toolkit.checks``, ``toolkit.filters`` or ``toolkit.reports``.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from traceback import walk_tb
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from toolkit.errors import Unavailable
from toolkit.findings import Finding, Location

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

FoundT = TypeVar("FoundT")


@cache
def provided(kind: str) -> tuple[EntryPoint, ...]:
    """The entry points of the group ``toolkit.<kind>``; nothing is imported of them yet."""
    group = f"toolkit.{kind}"
    if not _may_be_provided(group):
        return ()
    # It takes 30 ms, and imports `socket` by way of `email`, which nothing else here does.
    from importlib.metadata import entry_points

    return tuple(entry_points(group=group))


def _may_be_provided(group: str) -> bool:
    """Return False if no installed package has an entry point of the group."""
    for folder in map(Path, sys.path):
        if folder.is_file():  # An archive, which is not opened for that.
            return True
        for found in folder.glob("*-[Ii][Nn][Ff][Oo]/entry_points.txt"):
            with suppress(OSError):
                if group in found.read_text("utf-8", errors="replace"):
                    return True
    return False


def load(entry: EntryPoint, find: Callable[[Any], FoundT | None], wanted: str) -> FoundT:
    """Import the module of an entry point, and find in it what it is named for.

    Args:
        entry: One of `provided`.
        find: Returns what the module provides; None or nothing if it has no such thing.
        wanted: A description of what ``find`` looks for, for the message.

    Raises:
        Unavailable: The module cannot be imported, or ``find`` has found nothing.
    """
    try:
        module = _import(entry)
    except Exception as error:
        reason = f"cannot be imported: {type(error).__name__}: {error}"
        raise Unavailable(_broken(entry, reason)) from error
    found = find(module) if isinstance(module, ModuleType) else None
    if not found:
        raise Unavailable(_broken(entry, f"is no module with {wanted}"))
    return found


def raised_in(error: BaseException) -> str | None:
    """The package that extends the toolkit and in whose code an error was raised, or passed."""
    frames = walk_tb(error.__traceback__)
    called = {str(frame.f_globals.get("__name__")).partition(".")[0] for frame, _ in frames}
    for entry in (each for kind in ("checks", "filters", "reports") for each in provided(kind)):
        if entry.module.partition(".")[0] in called:
            return " ".join(_distribution(entry))
    return None


def _import(entry: EntryPoint) -> object:
    while True:
        try:
            return entry.load()
        except ModuleNotFoundError as error:
            if not _has_moved(error.name or ""):
                raise


def _has_moved(name: str) -> bool:
    """Let a module of ours that is in a subpackage now be imported by its former name."""
    package, _, module = name.rpartition(".")
    if not package.startswith("toolkit.") or name in sys.modules:
        return False
    folder = import_module(package).__path__[0]
    found = [*Path(folder).glob(f"*/{module}.py")]
    if len(found) != 1:
        return False
    now = f"{package}.{found[0].parent.name}.{module}"
    sys.modules[name] = import_module(now)
    warnings.warn(f"`{name}` is `{now}` now", DeprecationWarning, stacklevel=2)
    return True


def _broken(entry: EntryPoint, reason: str) -> Finding:
    name, version = _distribution(entry)
    return Finding(
        what=f"`{entry.value}` of the package {name} {version} {reason}",
        where=Location(f"{name}, entry point {entry.group}"),
        why=f"the package promises `{entry.name}` there, and a verdict may depend on it",
        fix=f"install a version of `{name}` that fits this toolkit, or uninstall it.",
    )


def _distribution(entry: EntryPoint) -> tuple[str, str]:
    return (entry.dist.name, entry.dist.version) if entry.dist else (entry.module, "")
