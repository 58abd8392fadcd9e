"""Options that the commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
Option = Callable[[F], F]

logs: Option[Any] = click.option(
    "--logs", "name", metavar="NAME", help="The logs of the contract they belong to."
)


def contract(about: str) -> Option[Any]:
    """Return the option for the path of the contract; ``about`` is its help."""
    kind, default = click.Path(path_type=Path), Path("toolkit.yml")
    return click.option("--contract", type=kind, default=default, show_default=True, help=about)


def store(option: str, about: str) -> Option[Any]:
    """Return the option for the file of an embedded store."""
    kind, default = click.Path(path_type=Path, dir_okay=False), Path("logs.duckdb")
    return click.option(option, "store", type=kind, default=default, show_default=True, help=about)


def elasticsearch(about: str) -> Option[Any]:
    """Return the option for a server in place of the store."""
    return click.option("--elasticsearch", metavar="URL", help=about)
