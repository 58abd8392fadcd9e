"""Reads the contract of a command."""

from __future__ import annotations

import time
from pathlib import Path

from toolkit.cli._files import unreadable
from toolkit.errors import ContractError
from toolkit.findings import Finding, Location
from toolkit.model.contract import Scope


def read_scope(path: Path) -> Scope:
    """Read the contract at ``path``, or the `toolkit.yml` of a folder; raises `ContractError`."""
    from toolkit.contract import parse_contract

    if path.is_dir():
        path = path / "toolkit.yml"
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ContractError(_unreadable(path, error)) from error
    contract = parse_contract(text, source=path.as_posix())
    return Scope(contract, path.parent.as_posix(), time.time_ns())


def _unreadable(path: Path, error: OSError | UnicodeDecodeError) -> Finding:
    if isinstance(error, FileNotFoundError):
        return Finding(
            what=f"there is no contract at `{path}`",
            where=Location(path.as_posix()),
            why="`toolkit verify` compares with a contract, `toolkit.yml` by default",
            fix="run `toolkit init` to have one written.",
        )
    return unreadable(path, error)
