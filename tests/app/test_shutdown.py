"""SIGTERM: what was begun is finished, logged and counted, and nothing stays behind."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.app.running import Server, start
from tests.waiting import PATIENCE, until


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = start(tmp_path, workers=2, threads=4)
    yield server
    server.process.kill()
    server.process.wait()


def test_requests_in_flight_are_finished(server: Server) -> None:
    with ThreadPoolExecutor() as crowd:
        answers = [crowd.submit(server.get, "/work?ms=500") for _ in range(2)]
        until(lambda: server.gauge("http_requests_in_flight") == 3)
        assert server.stop() == 0
    assert [answer.result().status_code for answer in answers] == [200] * 2
    lines = server.lines()
    assert sum(line.message == "Work done" for line in lines) == 2
    assert lines[-1].message == "Shutting down: Master"
    assert list(server.temporary.iterdir()) == []


def test_a_stopping_worker_is_not_ready(server: Server) -> None:
    url = f"http://127.0.0.1:{server.port}/ready"
    with requests.Session() as connection:
        assert connection.get(url, timeout=PATIENCE).status_code == 200
        server.process.send_signal(signal.SIGTERM)
        answers = iter(lambda: connection.get(url, timeout=PATIENCE), None)
        last = next(answer for answer in answers if answer.status_code != 200)
        assert (last.status_code, last.headers["Connection"]) == (503, "close")
    assert server.process.wait(timeout=PATIENCE) == 0


def test_a_named_metrics_folder_is_emptied_and_kept(tmp_path: Path) -> None:
    folder = tmp_path / "metrics"
    folder.mkdir()
    (folder / "counter_1.db").write_bytes(b"left by another run")
    server = start(tmp_path / "server", PROMETHEUS_MULTIPROC_DIR=str(folder))
    assert not (folder / "counter_1.db").exists()
    assert server.stop() == 0
    assert list(folder.glob("counter_*.db"))
