"""A service as a process of this machine, in a process group that ends as a whole."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from toolkit.connectors.service.client import ServiceClient
from toolkit.errors import Unavailable
from toolkit.findings import Finding
from toolkit.model.expectations.service import ServiceExpectation


@dataclass(frozen=True, slots=True)
class ServiceProcess:
    """A started service."""

    expected: ServiceExpectation
    popen: subprocess.Popen[bytes]
    port: int
    scratch: Path

    @classmethod
    def start(
        cls, expected: ServiceExpectation, folder: Path, scratch: Path, zone: str
    ) -> ServiceProcess:
        """Start the service.

        Args:
            expected: The command and the environment of the service.
            folder: The folder in which it runs.
            scratch: A folder for its output.
            zone: The time zone of its log.

        Raises:
            Unavailable: There is no such program.
        """
        port = _free_port()
        fill = {"port": str(port), "scratch": str(scratch), "python": sys.executable}
        output = scratch / _OUTPUT
        try:
            words = [_filled(word, fill) for word in shlex.split(expected.start)]
            with output.open("wb") as sink:
                popen = subprocess.Popen(
                    words,
                    cwd=folder,
                    env=_environment(expected.environment, fill, zone),
                    stdin=subprocess.DEVNULL,
                    stdout=sink,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        except (OSError, ValueError, IndexError) as error:
            raise Unavailable(_not_started(expected, _shown(error), "")) from error
        return cls(expected, popen, port, scratch)

    def wait_until_ready(self, client: ServiceClient, path: str) -> None:
        """Ask ``path`` until it is answered below 400; `Unavailable` when time is up."""
        end = time.monotonic() + self.expected.start_within
        while time.monotonic() < end:
            if self.popen.poll() is not None:
                if any(_strays(self.scratch, self.popen.pid)):
                    raise Unavailable(_in_background(self.expected))
                reason = f"it ended with exit code {self.popen.returncode}"
                raise Unavailable(_not_started(self.expected, reason, self._last_words()))
            status = client.status(path)
            if status is not None and status < 400:
                return
            time.sleep(0.02)
        reason = f"`GET {path}` was not answered within {self.expected.start_within:g} s"
        raise Unavailable(_not_started(self.expected, reason, self._last_words()))

    def stop(self, within: float) -> int | None:
        """Ask the service to end; None where it had to be killed after ``within`` seconds.

        Raises `Unavailable` where it went into the background, and so cannot be asked.
        """
        self.popen.terminate()
        try:
            code = self.popen.wait(within)
        except subprocess.TimeoutExpired:
            return None
        if any(_strays(self.scratch, self.popen.pid)):
            raise Unavailable(_in_background(self.expected))
        return code

    def kill(self) -> None:
        """End whatever is left of the process group, and what left the group."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()
        # One that is being forked now shows up the next time.
        while strays := tuple(_strays(self.scratch, self.popen.pid)):
            for process in strays:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(process, signal.SIGKILL)
            time.sleep(0.01)

    def log(self, name: str | None) -> bytes:
        """The bytes of the log; nothing where the service never wrote it."""
        if name is None:
            return b""
        path = self.scratch / (_OUTPUT if name == "-" else name)
        return path.read_bytes() if path.is_file() else b""

    def _last_words(self) -> str:
        text = (self.scratch / _OUTPUT).read_text("utf-8", "replace").strip()
        return text.rpartition("\n")[2].replace(str(self.scratch), "{scratch}")


_OUTPUT = "output"
_MARK = "TOOLKIT_SCRATCH"
"""By this variable a process is known that left the process group."""


def _environment(
    promised: Mapping[str, str], fill: Mapping[str, str], zone: str
) -> dict[str, str]:
    beside_python = str(Path(sys.executable).parent)
    path = os.pathsep.join((beside_python, os.environ.get("PATH", os.defpath)))
    run = {"PATH": path, "PORT": fill["port"], "TZ": zone, _MARK: fill["scratch"]}
    inherited = {**os.environ, **run}
    return inherited | {name: _filled(value, fill) for name, value in promised.items()}


def _strays(scratch: Path, group: int) -> Iterator[int]:
    """Processes of this run outside of its group: known where there is a ``/proc``."""
    mark = f"{_MARK}={scratch}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            known = mark in (process / "environ").read_bytes().split(b"\0")
            if known and os.getpgid(int(process.name)) != group:
                yield int(process.name)


def _filled(text: str, fill: Mapping[str, str]) -> str:
    for name, value in fill.items():
        text = text.replace("{" + name + "}", value)
    return text


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _shown(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"`{error.filename}`: {error.strerror}"
    return str(error)


def _in_background(expected: ServiceExpectation) -> Finding:
    return Finding(
        what="the start command has ended, and the service runs on in the background",
        where=expected.declared,
        why="only a process that stays in the foreground can be watched, asked to stop and ended",
        fix="start it in the foreground: without `--daemon`, `&` or `nohup`.",
    )


def _not_started(expected: ServiceExpectation, reason: str, last_words: str) -> Finding:
    output = f"; its last output: {last_words}" if last_words else ""
    return Finding(
        what=f"the service did not start: {reason}",
        where=expected.declared,
        why=f"`{expected.start}` is how the contract starts it{output}",
        fix="run that command by hand, with the environment of the contract.",
    )
