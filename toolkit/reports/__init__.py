"""Ways to write a report down. One format is one module with one ``render(report) -> str``."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from toolkit.model.report import Report

__all__ = ["formats", "renderer"]


def formats() -> tuple[str, ...]:
    """The names of all formats, those of the entry points ``toolkit.reports`` included."""
    from importlib.metadata import entry_points

    foreign = (entry.name for entry in entry_points(group="toolkit.reports"))
    return tuple(sorted({*_own(), *foreign}))


def renderer(name: str) -> Callable[[Report], str]:
    """The function that writes a report in the format ``name``; raises `KeyError`."""
    from importlib.metadata import entry_points

    if name in _own():
        render: Callable[[Report], str] = import_module(f"{__name__}.{name}").render
        return render
    for entry in entry_points(group="toolkit.reports"):
        if entry.name == name:
            found: Callable[[Report], str] = entry.load().render
            return found
    raise KeyError(name)


def _own() -> frozenset[str]:
    return frozenset(m.name for m in pkgutil.iter_modules(__path__) if not m.ispkg)
