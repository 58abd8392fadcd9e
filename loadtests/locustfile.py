"""Users of the service: ``locust -f loadtests/locustfile.py --headless -u 20 -t 60s -H URL``.

What the environment sets: ``LOAD_CONNECTIONS`` is ``close`` (default: a connection for each
request, so that new replicas get traffic) or ``keep``; ``LOAD_HOSTS`` names hosts that may be
loaded besides this machine, with commas between.

Headless, it exits 1 if more than 1 % of the requests fail or if nothing was sent, 2 if the host
is not allowed.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from locust import HttpUser, constant_pacing, events, task
from locust.env import Environment

_HERE = frozenset({"127.0.0.1", "localhost", "::1"})
_MOST_FAILURES = 0.01


class Visitor(HttpUser):
    """Asks for two things a second, half of them work that costs CPU."""

    wait_time = constant_pacing(0.5)

    def on_start(self) -> None:
        policy = os.environ.get("LOAD_CONNECTIONS", "close")
        self.client.headers["Connection"] = "close" if policy == "close" else "keep-alive"

    @task(4)
    def work(self) -> None:
        self.client.get("/work?ms=20", name="/work")

    @task(3)
    def root(self) -> None:
        self.client.get("/")

    @task(1)
    def health(self) -> None:
        self.client.get("/health")


def allowed(host: str, hosts: str) -> bool:
    """Whether a URL points to this machine, or to one of ``hosts``.

    >>> allowed("http://127.0.0.1:8000", ""), allowed("https://shop.example", "")
    (True, False)
    """
    others = {each.strip() for each in hosts.split(",") if each.strip()}
    return urlsplit(host).hostname in _HERE | others


def verdict(requests: int, failures: int) -> int:
    """The exit code of a run.

    >>> verdict(1000, 9), verdict(1000, 11), verdict(0, 0)
    (0, 1, 1)
    """
    return 0 if requests and failures <= requests * _MOST_FAILURES else 1


def keep_to_the_list(environment: Environment, **_: object) -> None:
    """Refuse to load a host that nobody has allowed."""
    hosts = os.environ.get("LOAD_HOSTS", "")
    if environment.runner and not allowed(environment.host or "", hosts):
        environment.process_exit_code = 2
        environment.runner.quit()


def judge(environment: Environment, **_: object) -> None:
    """Set the exit code; a run without requests is no success."""
    total = environment.stats.total
    if environment.process_exit_code is None:
        environment.process_exit_code = verdict(total.num_requests, total.num_failures)


events.test_start.add_listener(keep_to_the_list)  # type: ignore[no-untyped-call]
events.quitting.add_listener(judge)  # type: ignore[no-untyped-call]
