"""Options that several of the commands have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
Option = Callable[[F], F]

logs: Option[Any] = click.option(
    "--logs", "name", metavar="NAME", help="Which logs of the contract they are."
)


def contract(says: str) -> Option[Any]:
    """Where the contract is; ``says`` tells what it is read for."""
    kind, default = click.Path(path_type=Path), Path("toolkit.yml")
    return click.option("--contract", type=kind, default=default, show_default=True, help=says)


def store(option: str, says: str) -> Option[Any]:
    """The file of an embedded store."""
    kind, default = click.Path(path_type=Path, dir_okay=False), Path("logs.duckdb")
    return click.option(option, "store", type=kind, default=default, show_default=True, help=says)


def elasticsearch(says: str) -> Option[Any]:
    """A server to use in place of the store."""
    return click.option("--elasticsearch", metavar="URL", help=says)
