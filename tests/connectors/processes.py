"""Looks after processes that must be gone."""

from __future__ import annotations

from pathlib import Path

from tests.waiting import until


def wait_until_gone(pids: Path) -> None:
    """Wait until none runs of the processes noted in ``pids``; one may end before it is noted."""
    noted = pids.read_text("utf-8").split() if pids.exists() else []
    until(lambda: not any(map(_runs, noted)), "processes end")


def wait_for(path: Path) -> None:
    """Wait until the file is there and not empty."""
    until(lambda: path.exists() and path.stat().st_size > 0, path.name)


def _runs(pid: str) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
