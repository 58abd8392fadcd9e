"""Formats of a report. One format is one module with ``render(report) -> str``."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from toolkit.extensions import load, provided

if TYPE_CHECKING:
    from toolkit.model.report import Report

__all__ = ["formats", "renderer"]


def formats() -> tuple[str, ...]:
    """Return the names of all formats, including entry points ``toolkit.reports``."""
    return tuple(sorted({*_own(), *(entry.name for entry in provided("reports"))}))


def renderer(name: str) -> Callable[[Report], str]:
    """Return the function that renders a report in a format; raises `KeyError`."""
    if name in _own():
        render: Callable[[Report], str] = import_module(f"{__name__}.{name}").render
        return render
    for entry in provided("reports"):
        if entry.name == name:
            return load(entry, _render_of, "a function `render`")
    raise KeyError(name)


def _render_of(module: object) -> Callable[[Report], str] | None:
    found = getattr(module, "render", None)
    return found if callable(found) else None


def _own() -> frozenset[str]:
    return frozenset(m.name for m in pkgutil.iter_modules(__path__) if not m.ispkg)
