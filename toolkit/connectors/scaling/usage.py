"""Resource usage of a process and its descendants."""

from __future__ import annotations

import time
from typing import Any, NamedTuple


class Usage(NamedTuple):
    """Usage since the previous measurement."""

    cores: float
    memory: int
    """Bytes, now."""


class ProcessTree:
    """A process and all it has started."""

    def __init__(self, pid: int) -> None:
        """Measure from now on."""
        # Locust brings psutil: the core does without both.
        import psutil  # type: ignore[import-untyped]

        self._gone = psutil.Error
        self._root = psutil.Process(pid)
        self._seen: dict[int, float] = {}
        self._at = time.monotonic()

    def measure(self) -> Usage:
        """Return the usage since the last call, without processes that have ended."""
        seen, memory = {}, 0
        for process in self._processes():
            try:
                times = process.cpu_times()
                seen[process.pid] = times.user + times.system
                memory += process.memory_info().rss
            except self._gone:
                continue
        now, before = time.monotonic(), self._at
        used = sum(value - self._seen.get(pid, 0.0) for pid, value in seen.items())
        self._seen, self._at = seen, now
        return Usage(max(0.0, used) / max(now - before, 1e-3), memory)

    def _processes(self) -> list[Any]:
        try:
            return [self._root, *self._root.children(recursive=True)]
        except self._gone:
            return []
