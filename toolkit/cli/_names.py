"""Unknown names on the command line: the nearest known one is suggested."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from toolkit.findings import Finding, Location


def unknown(kind: str, name: str, known: Iterable[str], *, listed_by: str = "") -> Finding:
    """Return the finding for a name that does not exist.

    Args:
        kind: A noun with a regular plural, such as ``check``.
        name: The name that was given.
        known: All names that exist.
        listed_by: A command that prints ``known``, where they are too many for a line.
    """
    # The hyphens of options would make all of them look alike.
    bare = {each.lstrip("-"): each for each in known}
    near = [bare[each] for each in get_close_matches(name.lstrip("-"), bare, n=1)]
    listed = f"the {kind}s are {', '.join(bare.values())}" if bare else f"there are no {kind}s"
    return Finding(
        what=f"no {kind} is called `{name}`",
        where=Location("command line"),
        why=f"`{listed_by}` lists the {kind}s" if listed_by else listed,
        fix=f"did you mean `{near[0]}`?" if near else f"choose one of the {kind}s that exist.",
    )


def unknown_check(name: str, known: Iterable[str]) -> Finding:
    """Return the finding for a check that does not exist."""
    return unknown("check", name, known, listed_by="toolkit explain")
