"""Services are started, asked and stopped; whatever they do, nothing is left running."""

from __future__ import annotations

import contextlib
import os
import socket
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.processes import wait_for, wait_until_gone
from tests.waiting import PATIENCE
from toolkit.connectors.service import LocalService
from toolkit.connectors.service.client import ServiceClient
from toolkit.evidence.service.traffic import ServiceRun, Traffic
from toolkit.findings import Finding, Location
from toolkit.model.expectations.service import RequestExpectation, ServiceExpectation
from toolkit.model.queries import Answer, QueryFailure

HERE = Path(__file__).parent
DECLARED = Location("toolkit.yml", 1, 1)


@pytest.fixture
def pids(tmp_path: Path) -> Path:
    """Where the service notes its processes; after the test none of them may run."""
    return tmp_path / "pids"


def service(pids: Path, *habits: str, **options: Any) -> ServiceRun:
    given: dict[str, Any] = {
        "start": " ".join(["{python} serve.py {port} {scratch}", *habits]),
        "environment": {"PIDS": str(pids)},
        "ready": "/ready",
        "log": "app.log",
        "metrics": "/metrics",
        **options,
    }
    return ServiceRun(ServiceExpectation(declared=DECLARED, **given))


def get(path: str, **options: Any) -> RequestExpectation:
    return RequestExpectation(declared=DECLARED, get=path, **options)


def ask(query: ServiceRun) -> Answer[Traffic] | QueryFailure:
    return LocalService(HERE).answer([query])[query]


def traffic(query: ServiceRun) -> Traffic:
    answer = ask(query)
    assert isinstance(answer, Answer), answer
    return answer.evidence


def refusal(query: ServiceRun) -> Finding:
    answer = ask(query)
    assert isinstance(answer, QueryFailure)
    return answer.findings[0]


def test_what_was_sent_logged_and_exported(pids: Path) -> None:
    found = traffic(service(pids, requests=(get("/", times=3), get("/fault?x=1", status=500))))
    assert Counter(each.status for each in found.exchanges) == {200: 3, 500: 1}
    assert [each.request.name for each in found.exchanges] == ["GET /"] * 3 + ["GET /fault?x=1"]
    log = found.log.decode()
    for exchange in found.exchanges:
        assert log.count(f"id={exchange.request.marker}\n") == 1
        assert exchange.from_application
        assert exchange.seconds > 0
    assert len(found.scrapes) == 4
    assert 'http_requests_total{status="500"} 0' in found.scrapes[1]
    assert 'http_requests_total{status="500"} 1' in found.scrapes[2]
    assert found.started_at < found.exchanges[0].sent_at < found.stopped_at
    assert (found.exit_code, found.log_name) == (0, "app.log")
    wait_until_gone(pids)


@pytest.mark.parametrize(
    ("environment", "zone"),
    [({}, "Asia/Kathmandu"), ({"TZ": "America/Sao_Paulo"}, "America/Sao_Paulo")],
)
def test_the_service_runs_in_an_odd_zone_unless_it_names_one(
    environment: dict[str, str], zone: str, pids: Path
) -> None:
    found = traffic(service(pids, "noisy", log="-", environment=environment))
    assert found.timezone == zone
    assert f"zone {zone}\n".encode() in found.log


def test_a_body_is_posted(pids: Path) -> None:
    post = RequestExpectation(declared=DECLARED, post="/", body="{}", headers={"X-A": "b"})
    found = traffic(service(pids, requests=(post,)))
    assert found.exchanges[0].status == 200
    assert found.exchanges[0].request.raw.endswith(b"X-A: b\r\n\r\n{}")
    assert b"Content-Length: 2\r\n" in found.exchanges[0].request.raw


def test_standard_output_can_be_the_log(pids: Path) -> None:
    found = traffic(service(pids, "noisy", log="-", requests=(get("/"),)))
    assert found.log.count(b"GET / status=200") == 1


def test_a_service_without_a_log_or_metrics(pids: Path) -> None:
    found = traffic(service(pids, log=None, metrics=None, requests=(get("/"),)))
    assert (found.log, found.scrapes) == (b"", ())


def test_hostile_requests_are_sent_each_once(pids: Path) -> None:
    hostile = RequestExpectation(declared=DECLARED, hostile=True)
    found = traffic(service(pids, requests=(get("/"), hostile)))
    names = [each.request.name for each in found.exchanges if each.request.hostile]
    assert len(names) == len(set(names)) > 20
    refused = [each for each in found.exchanges if not each.from_application]
    assert refused, "some are refused by the server before the application sees them"
    assert all(each.request.hostile for each in refused)


def test_a_service_that_does_not_end_is_killed(pids: Path) -> None:
    assert traffic(service(pids, "deaf", stop_within=0.2)).exit_code is None
    wait_until_gone(pids)


def test_a_child_that_stays_is_killed(pids: Path) -> None:
    assert traffic(service(pids, "forks")).exit_code == 0
    assert len(pids.read_text("utf-8").split()) == 2
    wait_until_gone(pids)


def test_a_service_in_the_background_is_found_and_killed(tmp_path: Path) -> None:
    start = "{python} background.py {port} " + str(tmp_path / "pids")
    found = refusal(ServiceRun(ServiceExpectation(declared=DECLARED, start=start)))
    assert "in the background" in found.what
    wait_until_gone(tmp_path / "pids")


def test_an_answer_that_never_ends_is_none(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=drip, args=(server,), daemon=True).start()
        assert ServiceClient(server.getsockname()[1], timeout=0.3).status("/") is None


def drip(server: socket.socket) -> None:
    connection, _ = server.accept()
    with contextlib.suppress(OSError), connection:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"a")
            time.sleep(0.01)


def test_a_service_that_is_never_ready(pids: Path) -> None:
    found = refusal(service(pids, "unready", start_within=0.5))
    assert found.what == ("the service did not start: `GET /ready` was not answered within 0.5 s")
    assert found.where == DECLARED
    wait_until_gone(pids)


def test_a_service_that_ends_at_once_leaves_its_last_words(pids: Path) -> None:
    found = refusal(service(pids, "exits"))
    assert found.what == "the service did not start: it ended with exit code 1"
    assert found.why.endswith("its last output: no database to talk to")


@pytest.mark.parametrize("start", ["no-such-program --port {port}", "'unclosed", "''", ""])
def test_a_command_that_is_none(start: str) -> None:
    query = ServiceRun(ServiceExpectation(declared=DECLARED, start=start))
    assert refusal(query).what.startswith("the service did not start: ")


def test_metrics_that_are_not_there(pids: Path) -> None:
    found = refusal(service(pids, metrics="/missing"))
    assert found.what == "`GET /missing` returned no text: HTTP 404"
    assert str(found.where) == "service:/missing"
    wait_until_gone(pids)


def test_closing_ends_what_is_under_way(pids: Path) -> None:
    local, query = LocalService(HERE), service(pids, "unready", "forks", start_within=PATIENCE)
    answers: list[Answer[Traffic] | QueryFailure] = []
    thread = threading.Thread(target=lambda: answers.append(local.answer([query])[query]))
    thread.start()
    wait_for(pids)
    local.close()
    thread.join(PATIENCE)
    assert isinstance(answers[0], QueryFailure)
    wait_until_gone(pids)


def test_what_has_ended_is_not_ended_again(pids: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its number may belong to another process by then."""
    local, query = LocalService(HERE), service(pids)
    local.answer([query])
    killed: list[int] = []
    monkeypatch.setattr(os, "killpg", lambda group, number: killed.append(group))
    local.close()
    assert killed == []


def test_scratch_is_gone_afterwards_and_never_named(
    pids: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert str(tmp_path) not in str(refusal(service(pids, "exits", environment={})))
    assert list(tmp_path.glob("toolkit-*")) == []
