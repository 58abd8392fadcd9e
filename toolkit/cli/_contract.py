"""Reads the contract of a command."""

from __future__ import annotations

import os
import time
from pathlib import Path

import click

from toolkit.cli._files import unreadable
from toolkit.errors import ContractError
from toolkit.findings import Finding, Location
from toolkit.model.contract import Scope

DEFAULT = Path("toolkit.yml")


def read_scope(path: Path) -> Scope:
    """Read a contract.

    Args:
        path: Of the contract, or of a folder with a ``toolkit.yml``. The default is looked for
            in the folders above, too, up to the root of the repository.

    Raises:
        ContractError: It is missing, or cannot be understood.
    """
    from toolkit.contract import parse_contract

    if path.is_dir():
        path = path / DEFAULT
    if path == DEFAULT and not path.exists():
        path = _above() or path
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise ContractError(_missing(path)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ContractError(unreadable(path, error)) from error
    contract = parse_contract(text, source=path.as_posix())
    return Scope(contract, path.parent.as_posix(), time.time_ns())


def _above(*, anywhere: bool = False) -> Path | None:
    """The nearest contract above this folder, in the same repository unless ``anywhere``.

    One outside of the repository may be another user's, and it starts programs.
    """
    here = Path.cwd()
    folders = [here, *here.parents]
    roots = [n for n, folder in enumerate(folders) if (folder / ".git").exists()]
    for folder in folders if anywhere else folders[: roots[0] + 1 if roots else 0]:
        if (folder / DEFAULT).is_file():
            return Path(os.path.relpath(folder / DEFAULT))
    return None


def _missing(path: Path) -> Finding:
    fix = "run `toolkit init` to have one written."
    if path == DEFAULT:
        above = _above(anywhere=True)
        if above:
            fix = f"name the one of a folder above: `{above.as_posix()}`."
        else:
            _print_proposal()
    return Finding(
        what=f"there is no contract at `{path}`",
        where=Location(path.as_posix()),
        why="the command reads a contract, `toolkit.yml` by default",
        fix=fix,
    )


def _print_proposal() -> None:
    """Print what `toolkit init` would find in this folder."""
    from toolkit.cli.init._discovery import discover
    from toolkit.cli.init._summary import summary

    lines = [*summary(discover(Path()))]
    for line in ["`toolkit init` would write a contract for these:", *lines] if lines else ():
        click.echo(line, err=True)
    click.echo(err=True)
