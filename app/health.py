"""Whether the service is alive, and whether it should be sent requests."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path


class Health:
    """What the probes ask. Alive is whoever answers; ready is more."""

    def __init__(self, log_file: Path) -> None:
        self._log_file = log_file
        self.stopping: Callable[[], bool] = lambda: False
        """Whether this process was told to end; the server that runs it knows."""

    def obstacles(self) -> list[str]:
        """Say what speaks against sending requests here; nothing means ready."""
        obstacles = []
        if self.stopping():
            obstacles.append("the service is shutting down")
        if not self._can_log():
            obstacles.append("the log cannot be written")
        return obstacles

    def _can_log(self) -> bool:
        """Open the log as writing to it would: permissions alone do not tell root."""
        try:
            os.close(os.open(self._log_file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644))
        except OSError:
            return False
        return True
