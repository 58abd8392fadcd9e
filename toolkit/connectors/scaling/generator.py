"""Locust as a process of its own: it reads how many users to be, and writes what they saw.

``generator.py NAME LOCUSTFILE HOST`` (the name is for lists of processes) reads a number of users
a line, and ends when the input does, so that it cannot outlive who started it. It writes ``ready``
once it can have users. From then on it writes a JSON line for each tenth of a second in which
there was a response: a list of ``[endpoint, milliseconds, error, replica]``, the error empty
without one, the replica empty unless the response has the header that ``TOOLKIT_POD_HEADER``
names. Connections to other machines than HOST and this one are refused.
"""

from __future__ import annotations

import ipaddress
import json
import os
import socket
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

_Answered = tuple[str, float, str, str]
_PERIOD = 0.1
_SPAWN_RATE = 100
_WORDS = 300
"""The most characters that are kept of an error."""


def main(locustfile: str, host: str) -> None:
    """Run Locust until the input ends; does not return."""
    sys.addaudithook(stay_at(host))
    # Locust patches what waits; nothing that does may be in use before.
    from locust import events
    from locust.main import main as locust

    answered: list[_Answered] = []
    header = os.environ.get("TOOLKIT_POD_HEADER", "")

    def note(
        request_type: str,
        name: str,
        response_time: float,
        exception: object,
        response: Any = None,
        **_: Any,
    ) -> None:
        error = "" if exception is None else str(exception)[:_WORDS]
        told = getattr(response, "headers", None) or {}
        replica = str(told.get(header) or "")
        answered.append((f"{request_type} {name}", round(response_time, 1), error, replica))

    def attend(environment: Any, **_: Any) -> None:
        from gevent import spawn  # type: ignore[import-untyped]

        sys.stdout.write("ready\n")
        sys.stdout.flush()
        spawn(_steer, environment)
        spawn(_report, answered)

    events.request.add_listener(note)  # type: ignore[no-untyped-call]
    events.init.add_listener(attend)  # type: ignore[no-untyped-call]
    quiet = ["--headless", "--only-summary", "--skip-log-setup", "--reset-stats"]
    sys.argv = ["locust", "-f", locustfile, "-H", host, "-u", "0", *quiet]
    locust()  # type: ignore[no-untyped-call]


def stay_at(host: str) -> Callable[[str, tuple[Any, ...]], None]:
    """Return an audit hook that refuses connections except to this machine and that of a URL."""
    name = urlsplit(host).hostname
    # Taken before Locust patches it: the hook must not wait for others.
    resolve = socket.getaddrinfo
    known: set[str] = set()

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event != "socket.connect" or not isinstance(arguments[1], tuple):
            return
        address = arguments[1][0]
        if address in (name, "localhost") or address in known or _is_here(address):
            return
        known.update(str(found[4][0]) for found in resolve(name, None))
        if address not in known:
            raise PermissionError(f"load is not sent to {address}: it is not {name}")

    return watch


def _is_here(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _steer(environment: Any) -> None:
    from gevent.fileobject import FileObjectThread  # type: ignore[import-untyped]

    for line in FileObjectThread(sys.stdin):
        environment.runner.start(int(line), _SPAWN_RATE)
    environment.runner.quit()


def _report(answered: list[_Answered]) -> None:
    from gevent import sleep

    while True:
        sleep(_PERIOD)
        if answered:
            sys.stdout.write(json.dumps(answered) + "\n")
            sys.stdout.flush()
            answered.clear()


if __name__ == "__main__":
    main(*sys.argv[2:])
