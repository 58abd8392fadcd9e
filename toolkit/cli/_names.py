"""Answers to names nobody knows."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from toolkit.findings import Finding, Location


def no_such_check(name: str, known: Sequence[str]) -> Finding:
    """The message for a check that does not exist."""
    return _unknown(name, known, "check", "`toolkit checks` lists them")


def no_such_format(name: str, known: Sequence[str]) -> Finding:
    """The message for a report format that does not exist."""
    return _unknown(name, known, "format", f"there are {', '.join(known)}")


def no_such_logs(name: str, known: Sequence[str]) -> Finding:
    """The message for a kind of logs that the contract does not name."""
    return _unknown(name, known, "kind of logs", f"there are {', '.join(known) or 'none'}")


def _unknown(name: str, known: Sequence[str], kind: str, otherwise: str) -> Finding:
    near = get_close_matches(name, known, n=1)
    return Finding(
        what=f"no {kind} is called `{name}`",
        where=Location("command line"),
        why=f"a {kind} that does not exist would silently look at nothing",
        fix=f"did you mean `{near[0]}`?" if near else f"{otherwise}.",
    )
