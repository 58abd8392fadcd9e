"""Reads the contract a command is given."""

from __future__ import annotations

import time
from pathlib import Path

from toolkit.errors import ContractError
from toolkit.findings import Finding, Location
from toolkit.model.contract import Scope


def read_scope(path: Path) -> Scope:
    """Read the contract at ``path`` (a folder stands for the `toolkit.yml` in it)."""
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
    missing = isinstance(error, FileNotFoundError)
    reason = (error.strerror or str(error)) if isinstance(error, OSError) else "it is not UTF-8"
    return Finding(
        what=f"there is no contract at `{path}`" if missing else f"`{path}` cannot be read",
        where=Location(path.as_posix()),
        why=f"the system says: {reason}",
        fix="run `toolkit init` to have one written." if missing else "correct the file.",
    )
