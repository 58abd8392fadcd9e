"""The load: as many generators as it takes, which share its users."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Literal, Self

from toolkit.connectors.scaling.worker import Answered, Worker

_BUSY = 0.6
"""Of one core: a generator beyond it gets another beside it, before it measures itself."""


class Load:
    """Processes of Locust; all end with it, whatever happens."""

    def __init__(
        self,
        locustfile: Path,
        host: str,
        scratch: Path,
        environment: Mapping[str, str],
        workers: int | Literal["auto"] = 1,
    ) -> None:
        """Start the processes without users.

        Args:
            locustfile: The file with the users.
            host: The URL to which they send requests; other machines cannot be reached.
            scratch: A folder for the output of the processes.
            environment: Their environment.
            workers: The number of processes; ``auto`` starts one, and another whenever all are
                busy, up to one for each processor.
        """
        self.users = 0
        self._call = (locustfile, host)
        self._scratch, self._environment = scratch, environment
        self._answered: SimpleQueue[Answered] = SimpleQueue()
        self._most = (os.cpu_count() or 1) if workers == "auto" else workers
        self._workers: list[Worker] = []
        self._measured: list[Worker] = []
        """Those that were ready when they were last measured."""
        try:
            for _ in range(1 if workers == "auto" else workers):
                self._add()
        except BaseException:
            self._kill()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._kill()

    def be(self, users: int) -> None:
        """Have so many users from now on; raises `Unavailable` where a generator has ended."""
        self.users = users
        self._share()

    def take(self) -> list[Answered]:
        """Return the responses since the last call."""
        taken = []
        with suppress(Empty):
            while True:
                taken.append(self._answered.get_nowait())
        return taken

    @property
    def at_work(self) -> list[Worker]:
        """Those that are ready, and so have their share of the users."""
        return [each for each in self._workers if each.ready.is_set()]

    def measure(self) -> float:
        """The CPU of the busiest generator since this was last called, in cores.

        Another one is started where all are busy, as long as there may be more. Raises
        `Unavailable` where one has ended.
        """
        used = {each: each.usage.measure().cores for each in self._workers}
        # What a generator needs to start is not what it needs for its users.
        counted = [used[each] for each in self._measured or self._workers]
        if min(counted) > _BUSY and len(self._measured) == len(self._workers) < self._most:
            self._add()
        self._measured = self.at_work
        self._share()
        return max(counted)

    def remarks(self) -> Iterator[str]:
        """Yield remarks on the generation of the load."""
        if len(self._workers) > 1:
            yield f"{len(self._workers)} load generators share the users"

    def _add(self) -> None:
        last_words = self._scratch / f"generator-{len(self._workers)}"
        worker = Worker(*self._call, last_words, self._environment, self._answered.put)
        self._workers.append(worker)

    def _share(self) -> None:
        """Spread the users over those that are ready; before any is, the first has them all."""
        ready = self.at_work or self._workers[:1]
        each, more = divmod(self.users, len(ready))
        for worker in self._workers:
            place = ready.index(worker) if worker in ready else None
            worker.be(0 if place is None else each + (place < more))

    def _kill(self) -> None:
        for worker in self._workers:
            worker.kill()
