"""Looks after processes that must be gone."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

_PATIENCE = 10.0
"""Seconds."""


def running(pids: Path) -> list[int]:
    """Which of the processes noted in ``pids`` run on; a kill is given a moment to arrive."""
    noted = [int(pid) for pid in pids.read_text("utf-8").split()]
    _until(lambda: not any(map(_runs, noted)), 2.0)
    return [pid for pid in noted if _runs(pid)]


def wait_for(path: Path) -> None:
    """Wait until the file is there and not empty."""
    assert _until(lambda: path.exists() and path.stat().st_size > 0, _PATIENCE), f"no {path.name}"


def _until(holds: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    return holds()


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
