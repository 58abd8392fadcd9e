"""Findings for files that cannot be read or written."""

from __future__ import annotations

from pathlib import Path

from toolkit.errors import UsageError
from toolkit.findings import Finding, Location

_READABLE = "correct the path, or give the file to the user who runs the toolkit."


def unreadable(name: str | Path, error: Exception, fix: str = _READABLE) -> Finding:
    """Return the finding for a file that cannot be read.

    Args:
        name: Path of the file.
        error: Its message is the reason.
        fix: The one thing to do.
    """
    return Finding(
        what=f"`{name}` cannot be read",
        where=Location(Path(name).as_posix()),
        why=f"the operating system reports: {reason(error)}",
        fix=fix,
    )


def not_written(path: Path, error: OSError) -> Finding:
    """Return the finding for an output that cannot be written, with the reason."""
    return Finding(
        what=f"`{path}` cannot be written",
        where=Location("command line"),
        why=f"the operating system reports: {reason(error)}",
        fix="name a file that can be written.",
    )


def write_file(path: Path, text: str) -> None:
    """Write an output; raises `UsageError` if that is not possible."""
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise UsageError(not_written(path, error)) from error


def reason(error: Exception) -> str:
    """Return the message of an error, without its number and path."""
    return getattr(error, "strerror", None) or str(error)
