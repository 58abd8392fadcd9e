"""Locust as a process of its own: it reads how many users to be, and writes what they saw.

``python -m toolkit.connectors.scaling.generator LOCUSTFILE HOST`` reads a number of users a
line, and ends when the input does, so that it cannot outlive who started it. It writes a JSON
line for each tenth of a second in which something was answered: a list of ``[endpoint,
milliseconds, error]``, the error empty where there is none. Connections to other machines are
refused.
"""

from __future__ import annotations

import ipaddress
import json
import sys
from typing import Any

__all__ = ["main"]

_PERIOD = 0.1
_SPAWN_RATE = 100
_WORDS = 300
"""The most characters that are kept of an error."""


def main(locustfile: str, host: str) -> None:
    """Run Locust until the input ends; does not return."""
    sys.addaudithook(stay_here)
    # Locust patches what waits; nothing that does may be in use before.
    from locust import events
    from locust.main import main as locust

    answered: list[tuple[str, float, str]] = []

    def note(
        request_type: str, name: str, response_time: float, exception: object, **_: Any
    ) -> None:
        error = "" if exception is None else str(exception)[:_WORDS]
        answered.append((f"{request_type} {name}", round(response_time, 1), error))

    def attend(environment: Any, **_: Any) -> None:
        from gevent import spawn  # type: ignore[import-untyped]

        spawn(_steer, environment)
        spawn(_report, answered)

    events.request.add_listener(note)  # type: ignore[no-untyped-call]
    events.init.add_listener(attend)  # type: ignore[no-untyped-call]
    quiet = ["--headless", "--only-summary", "--skip-log-setup", "--reset-stats"]
    sys.argv = ["locust", "-f", locustfile, "-H", host, "-u", "0", *quiet]
    locust()  # type: ignore[no-untyped-call]


def stay_here(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse to connect to anything but this machine."""
    if event != "socket.connect" or not isinstance(arguments[1], tuple):
        return
    address = arguments[1][0]
    if address != "localhost" and not ipaddress.ip_address(address).is_loopback:
        raise PermissionError(f"load is not sent to {address}: it is not this machine")


def _steer(environment: Any) -> None:
    from gevent.fileobject import FileObjectThread  # type: ignore[import-untyped]

    for line in FileObjectThread(sys.stdin):
        environment.runner.start(int(line), _SPAWN_RATE)
    environment.runner.quit()


def _report(answered: list[tuple[str, float, str]]) -> None:
    from gevent import sleep

    while True:
        sleep(_PERIOD)
        if answered:
            sys.stdout.write(json.dumps(answered) + "\n")
            sys.stdout.flush()
            answered.clear()


if __name__ == "__main__":
    main(*sys.argv[1:])
