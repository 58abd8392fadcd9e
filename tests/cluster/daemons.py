"""Programs that run until they are no longer needed, whatever happens to the tests."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_POLL = 0.05


class Failed(AssertionError):
    """A program has ended, or does not come up."""


class Ended(Failed):
    """A program has ended by itself."""


@contextmanager
def daemon(words: Sequence[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program whose output goes to a file. It is killed: nothing it holds is kept."""
    # Even where the tests themselves are killed, it goes with them.
    bound = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
    with log.open("wb") as sink:
        popen = subprocess.Popen(
            [*bound, *words],
            env={**os.environ, "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield popen
    finally:
        popen.kill()
        popen.wait()


def until(
    holds: Callable[[], bool],
    what: str,
    seconds: float,
    needs: Sequence[subprocess.Popen[bytes]] = (),
) -> None:
    """Wait until something holds; raises `Failed` when time is up, or a program it needs ended."""
    end = time.monotonic() + seconds
    while not holds():
        for each in needs:
            if each.poll() is not None:
                raise Ended(f"while waiting until {what}: {each.args!r} ended")
        if time.monotonic() > end:
            raise Failed(f"not within {seconds:g} s: {what}")
        time.sleep(_POLL)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def tail(log: Path, lines: int = 30) -> str:
    """The last words of a program."""
    said = log.read_text("utf-8", "replace").splitlines() if log.is_file() else []
    return "\n".join(said[-lines:])
