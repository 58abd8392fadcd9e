"""Run a container's process as the cluster would, and ask it questions; started by its test.

``unshare --mount --net --pid --fork python container.py`` reads a `Plan` from standard input and
writes what was seen to standard output, both as JSON. The root is read-only, only the folders
that the plan names take writes, the network is the loopback alone, and nothing runs as root.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from fcntl import ioctl
from socket import AF_INET, SOCK_DGRAM, socket
from struct import pack
from typing import Any, TypedDict

_SET_FLAGS = 0x8914
_UP = 0x1
_PATIENCE = 600.0
"""Seconds, as `tests.waiting` has them, which is not to be imported here."""


class Plan(TypedDict):
    """What to run, and where."""

    root: str
    user: int
    folder: str
    environment: dict[str, str]
    writable: list[str]
    command: list[str]
    healthcheck: list[str]
    questions: dict[str, str]
    """Python to run in the container once it is healthy, by a name for what it prints."""


class Seen(TypedDict):
    """What came of it."""

    healthy: bool
    answers: dict[str, str]
    stopped: int | None
    said: str


def run(plan: Plan) -> Seen:
    """Start the command, wait until its health check succeeds, ask, and stop it."""
    _loopback_up()
    _mount(plan)
    process = _start(plan, plan["command"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    healthy = _healthy(plan, process)
    answers = {name: _ask(plan, code) for name, code in plan["questions"].items()}
    process.send_signal(signal.SIGTERM)
    try:
        said, _ = process.communicate(timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        said, _ = process.communicate()
    return Seen(
        healthy=healthy, answers=answers, stopped=process.returncode, said=said.decode()[-3000:]
    )


def _loopback_up() -> None:
    with socket(AF_INET, SOCK_DGRAM) as any_socket:
        ioctl(any_socket, _SET_FLAGS, pack("16sh14x", b"lo", _UP))


def _mount(plan: Plan) -> None:
    root = plan["root"]
    _run("mount", "--bind", root, root)
    _run("mount", "-t", "proc", "proc", f"{root}/proc")
    _run("mount", "--rbind", "/dev", f"{root}/dev")
    _run("mount", "-t", "tmpfs", "-o", "mode=1777", "tmpfs", f"{root}/dev/shm")
    for folder in plan["writable"]:
        _run("mount", "-t", "tmpfs", "-o", f"uid={plan['user']}", "tmpfs", root + folder)
    _run("mount", "-o", "remount,ro,bind", root)


def _run(*command: str) -> None:
    subprocess.run(command, check=True)


def _start(plan: Plan, command: list[str], **options: Any) -> subprocess.Popen[bytes]:
    def enter() -> None:
        os.chroot(plan["root"])
        os.chdir(plan["folder"])
        os.setgroups([])
        os.setgid(plan["user"])
        os.setuid(plan["user"])

    return subprocess.Popen(command, env=plan["environment"], preexec_fn=enter, **options)


def _healthy(plan: Plan, process: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        if _start(plan, plan["healthcheck"], stderr=subprocess.DEVNULL).wait() == 0:
            return True
        time.sleep(0.1)
    return False


def _ask(plan: Plan, code: str) -> str:
    asked = _start(plan, ["python", "-c", code], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return asked.communicate()[0].decode().strip()


if __name__ == "__main__":
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    sys.stdout.write(json.dumps(run(json.load(sys.stdin))))
