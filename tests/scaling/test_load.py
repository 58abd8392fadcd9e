"""Several generators share the users, are measured together, and end together."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from tests.scaling.service import serving
from tests.waiting import until
from toolkit.connectors.scaling.load import Load
from toolkit.errors import Unavailable

USERS = """\
import os, time
from toolkit import of_the_project
from locust import HttpUser, constant_pacing, task

class Worker(HttpUser):
    wait_time = constant_pacing(0.05)

    @task
    def ask(self):
        end = time.process_time() + float(os.environ.get("BURN", "0"))
        while time.process_time() < end:
            pass
        self.client.get(f"/by/{os.getpid()}", name=str(os.getpid()))
"""


@pytest.fixture
def host() -> Iterator[str]:
    """The URL of a server that answers at once."""
    with serving() as url:
        yield url


@pytest.fixture
def users(tmp_path: Path) -> Path:
    """A locustfile of a project that has a `toolkit` of its own."""
    (tmp_path / "toolkit.py").write_text("of_the_project = True\n", "utf-8")
    path = tmp_path / "users.py"
    path.write_text(USERS, "utf-8")
    return path


def generators() -> list[psutil.Process]:
    return [
        each
        for each in psutil.Process().children()
        if "toolkit.connectors.scaling.generator" in each.cmdline()
    ]


def test_two_share_the_users_and_end_together(host: str, users: Path, tmp_path: Path) -> None:
    names: set[str] = set()
    with Load(users, host, tmp_path, {}, 2) as load:
        load.be(4)

        def both_ask() -> bool:
            load.measure()
            names.update(each.endpoint for each in load.take())
            return len(names) == 2

        until(both_ask, "two processes send requests")
        assert list(load.remarks()) == ["2 load generators share the users"]
        load.be(3)
        assert [each.users for each in load.at_work] == [2, 1]
        started = generators()
        assert len(started) == 2
        load.be(0)
    assert [each for each in started if each.is_running()] == []


def test_another_is_started_where_one_is_busy(
    host: str, users: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    # On a machine that is full none gets as much as makes it busy.
    monkeypatch.setattr("toolkit.connectors.scaling.load._BUSY", 0.1)
    with Load(users, host, tmp_path, {"BURN": "0.04"}, "auto") as load:
        assert list(load.remarks()) == []
        load.be(30)

        def more() -> bool:
            time.sleep(0.4)
            load.measure()
            return bool(list(load.remarks()))

        until(more, "a second generator is started")
        until(lambda: load.measure() >= 0 and len(load.at_work) == 2, "both have users")
        assert [each.users for each in load.at_work] == [15, 15]


def test_an_idle_one_stays_alone(host: str, users: Path, tmp_path: Path) -> None:
    with Load(users, host, tmp_path, {}, "auto") as load:
        load.be(1)
        # In a moment between two measurements that follow at once, any process is busy.
        until(lambda: _later(load) >= 0 and bool(load.take()), "requests are sent")
        for _ in range(3):
            _later(load)
        assert list(load.remarks()) == []


def _later(load: Load) -> float:
    time.sleep(0.5)
    return load.measure()


def test_where_one_ends_the_load_is_broken(host: str, users: Path, tmp_path: Path) -> None:
    with Load(users, host, tmp_path, {}, 2) as load:
        until(lambda: load.measure() >= 0 and len(load.at_work) == 2, "both are ready")
        generators()[1].kill()
        with pytest.raises(Unavailable, match="ended on its own"):
            until(lambda: load.measure() < 0, "the loss is seen")


def test_without_a_server_requests_fail_and_are_told(users: Path, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host = f"http://127.0.0.1:{free.getsockname()[1]}"
    with Load(users, host, tmp_path, {}) as load:
        load.be(1)
        errors: list[str] = []

        def failed() -> bool:
            errors.extend(each.error for each in load.take())
            return bool(errors)

        until(failed, "a failure is told")
        assert all(errors)
