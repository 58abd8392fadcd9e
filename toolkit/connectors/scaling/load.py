"""The load generator, as seen by who starts and steers it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import NamedTuple, Self

from toolkit.connectors.scaling.usage import ProcessTree
from toolkit.errors import Unavailable
from toolkit.findings import Finding, Location

__all__ = ["Answered", "Load"]

_LAST_WORDS = "generator"


class Answered(NamedTuple):
    """One request, as a user saw it."""

    endpoint: str
    seconds: float
    error: str
    """Empty where it succeeded."""
    replica: str = ""
    """Who answered, where the answer tells it."""


class Load:
    """Locust in a process of its own; ends with it, whatever happens."""

    def __init__(
        self, locustfile: Path, host: str, scratch: Path, environment: Mapping[str, str]
    ) -> None:
        """Start it without users; requests go to ``host``, a URL, and to no other machine."""
        self.users = 0
        self._answered: SimpleQueue[Answered] = SimpleQueue()
        self._scratch = scratch
        words = [sys.executable, "-m", "toolkit.connectors.scaling.generator"]
        with (scratch / _LAST_WORDS).open("wb") as last_words:
            self._popen = subprocess.Popen(
                [*words, str(locustfile.resolve()), host],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=last_words,
                env={**os.environ, **environment},
                start_new_session=True,
            )
        self.usage = ProcessTree(self._popen.pid)
        self._reader = threading.Thread(target=self._listen, name="load", daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        self._popen.kill()
        self._popen.wait()
        self._reader.join()
        for pipe in (self._popen.stdin, self._popen.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def be(self, users: int) -> None:
        """Have so many users from now on; raises `Unavailable` where Locust has ended."""
        if self._popen.poll() is not None or self._popen.stdin is None:
            raise Unavailable(self._ended())
        with suppress(BrokenPipeError):
            self._popen.stdin.write(f"{users}\n".encode())
            self._popen.stdin.flush()
        self.users = users

    def take(self) -> list[Answered]:
        """What was answered since the last time this was asked."""
        taken = []
        with suppress(Empty):
            while True:
                taken.append(self._answered.get_nowait())
        return taken

    def _listen(self) -> None:
        for line in self._popen.stdout or ():
            if line.startswith(b"[["):
                for endpoint, milliseconds, error, replica in json.loads(line):
                    self._answered.put(Answered(endpoint, milliseconds / 1000, error, replica))

    def _ended(self) -> Finding:
        words = (self._scratch / _LAST_WORDS).read_text("utf-8", "replace").strip()
        return Finding(
            what="the load generator has ended on its own",
            where=Location("locust"),
            why=f"its last words: {words.rpartition(chr(10))[2] or 'none'}",
            fix="install `telemetry-contract[load]`, and try the locustfile with `locust -f`.",
        )
