"""One process of Locust, as seen by who starts and steers it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from toolkit.connectors.scaling.usage import ProcessTree
from toolkit.errors import Unavailable
from toolkit.findings import Finding, Location


class Answered(NamedTuple):
    """One request, as a user saw it."""

    endpoint: str
    seconds: float
    error: str
    """Empty where it succeeded."""
    replica: str = ""
    """The replica that responded, if a header of the response names it."""


class Worker:
    """A load generator in a process of its own, initially without users."""

    def __init__(
        self,
        locustfile: Path,
        host: str,
        last_words: Path,
        environment: Mapping[str, str],
        hear: Callable[[Answered], None],
    ) -> None:
        """Start the process.

        Args:
            locustfile: The file with the users.
            host: The URL to which they send requests.
            last_words: Receives the output of the process.
            environment: Its environment.
            hear: Called with each response, in a thread of the worker's own.
        """
        self.ready = threading.Event()
        """Set as soon as it can send requests without delay."""
        self.users = 0
        self._last_words, self._hear = last_words, hear
        # By its path: where the users of Locust are, `toolkit` may be a package of theirs.
        program = Path(__file__).with_name("generator.py")
        words = [sys.executable, "-P", str(program), "toolkit.connectors.scaling.generator"]
        with last_words.open("wb") as errors:
            self._popen = subprocess.Popen(
                [*words, str(locustfile.resolve()), host],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**os.environ, **environment},
                start_new_session=True,
            )
        self.usage = ProcessTree(self._popen.pid)
        self._reader = threading.Thread(target=self._listen, name="load", daemon=True)
        self._reader.start()

    def be(self, users: int) -> None:
        """Have so many users from now on; raises `Unavailable` where it has ended."""
        if self._popen.poll() is not None or self._popen.stdin is None:
            raise Unavailable(self._ended())
        if users == self.users:
            return
        self.users = users
        with suppress(BrokenPipeError):
            self._popen.stdin.write(f"{users}\n".encode())
            self._popen.stdin.flush()

    def kill(self) -> None:
        """End it, whatever it is doing."""
        self._popen.kill()
        self._popen.wait()
        self._reader.join()
        for pipe in (self._popen.stdin, self._popen.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def _listen(self) -> None:
        for line in self._popen.stdout or ():
            if line == b"ready\n":
                self.ready.set()
            elif line.startswith(b"[["):
                for endpoint, milliseconds, error, replica in json.loads(line):
                    self._hear(Answered(endpoint, milliseconds / 1000, error, replica))

    def _ended(self) -> Finding:
        words = self._last_words.read_text("utf-8", "replace").strip()
        return Finding(
            what="the load generator has ended on its own",
            where=Location("locust"),
            why=f"its last words: {words.rpartition(chr(10))[2] or 'none'}",
            fix="install `telemetry-contract[load]`, and try the locustfile with `locust -f`.",
        )
