"""What all shapes here have in common."""

from __future__ import annotations

from typing import ClassVar

from locust import LoadTestShape


class Stages(LoadTestShape):
    """So many users until so many seconds have passed, stage by stage."""

    abstract = True
    stages: ClassVar[tuple[tuple[float, int], ...]] = ()
    spawn_rate = 10.0

    def tick(self) -> tuple[int, float] | None:
        """The users of this moment; None ends the run."""
        now = self.get_run_time()  # type: ignore[no-untyped-call]
        for ends, users in self.stages:
            if now < ends:
                return users, self.spawn_rate
        return None
