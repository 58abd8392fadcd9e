"""Several workers under load, attack and rotation: nothing torn, lost, forged or miscounted."""

from __future__ import annotations

import os
import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import pairwise
from urllib.parse import unquote_to_bytes

import pytest

from tests.app.reading import Line, Series, requests_by_status
from tests.app.running import Server
from tests.waiting import until

TRAFFIC = ["/", "/", "/work?ms=2", "/health", "/missing", "/work?ms=x", "/fault", "/?q=1"] * 15


def drive(server: Server) -> Counter[str]:
    with ThreadPoolExecutor(12) as crowd:
        answers = crowd.map(server.get, TRAFFIC)
        return Counter(str(answer.status_code) for answer in answers)


def total(series: Series, name: str) -> float:
    return sum(value for (metric, _), value in series.items() if metric == name)


def test_answers_lines_and_counters_agree(server: Server) -> None:
    before, logged = server.series(), len(server.requests())
    sent = drive(server)
    after, lines = server.series(), server.requests()[logged:]
    answered, scrape = lines[:-1], lines[-1]
    assert scrape.message == "Metrics scraped"
    assert requests_by_status(answered) == sent
    # A scrape is counted once it is answered: the first of the two is in the difference.
    measured = [*answered, server.requests()[logged - 1]]
    counted = total(after, "http_requests_total") - total(before, "http_requests_total")
    assert counted == len(measured)
    name = "http_request_duration_seconds_sum"
    logged_ms = sum(float(line.fields["latency_ms"]) for line in measured)
    observed = total(after, name) - total(before, name)
    assert observed == pytest.approx(logged_ms / 1000, abs=len(measured) * 0.5e-6 + 1e-9)


def test_no_line_is_torn_on_standard_output_either(server: Server) -> None:
    drive(server)
    written = server.stdout_file.read_text().splitlines()
    assert Counter(written) == Counter(server.log_file.read_text().splitlines())


def test_the_log_is_in_utc_wherever_the_machine_stands(server: Server) -> None:
    server.get("/")
    age = datetime.now(UTC) - server.lines()[-1].time
    assert 0 <= age.total_seconds() < 60


def test_every_scrape_sees_every_worker(server: Server) -> None:
    drive(server)
    server.get("/metrics")
    totals = [total(server.series(), "http_requests_total") for _ in range(8)]
    assert [after - before for before, after in pairwise(totals)] == [1] * 7
    assert not any("pid" in dict(labels) for _, labels in server.series())


def test_rotation_by_rename_loses_nothing(server: Server) -> None:
    rotated = server.log_file.with_suffix(".log.1")
    before = server.log_file.read_text()
    with ThreadPoolExecutor(12) as crowd:
        answers = crowd.map(server.get, TRAFFIC)
        server.log_file.rename(rotated)
        ids = {answer.headers["X-Request-ID"] for answer in answers}
    text = rotated.read_text().removeprefix(before) + server.log_file.read_text()
    for number in ids:
        assert text.count(f"request_id={number}\n") == 1
    assert server.get("/").headers["X-Request-ID"] in server.log_file.read_text()


FORGED = b"2026-01-10%2000:45:12%20INFO%20Root%20endpoint%20accessed%20method=GET"
LOGGED = {
    "line break": b"/x%0d%0a" + FORGED,
    "line feed": b"/x%0a" + FORGED,
    "escape code": b"/%1b[31mred",
    "quote": b"/%22'\"",
    "field": b"/x%20status=500",
    "field, no blank": b"/status=500",
    "bad UTF-8": b"/%ff%c3%28",
    "null byte": b"/%00",
    "not ASCII": b"/caf%c3%a9%e2%80%a8",
    "broken encoding": b"/%zz%",
    "dots": b"/../../etc/passwd",
    "all slashes": b"//////",
    "brackets": b"/${jndi:ldap://x}{}[]<>|^`",
    "template": b"/%25{FORGED}",
    "long": b"/" + b"%22" * 330,
}


def request(target: bytes, *headers: bytes, method: bytes = b"GET") -> bytes:
    lines = [method + b" " + target + b" HTTP/1.1", b"Host: x", b"Connection: close", *headers]
    return b"\r\n".join([*lines, b"", b""])


REFUSALS = {b"", b"400", b"414", b"417", b"431", b"501"}


def line_of(server: Server, answer: bytes) -> Line | None:
    """Find the line of an answer; gunicorn's own refusals have no id and no line."""
    head = answer.partition(b"\r\n\r\n")[0].split(b"\r\n")
    ids = [line[14:] for line in head if line.lower().startswith(b"x-request-id: ")]
    if not ids:
        assert answer[9:12] in REFUSALS
        return None
    (line,) = (line for line in server.requests() if line.fields["request_id"] == ids[0])
    assert line.status == answer[9:12].decode()
    return line


@pytest.mark.parametrize("target", LOGGED.values(), ids=LOGGED.keys())
def test_a_hostile_path_is_one_line_and_one_field(server: Server, target: bytes) -> None:
    before = len(server.requests())
    line = line_of(server, server.send(request(target)))
    assert line is not None
    assert line.fields["path"] == unquote_to_bytes(target)
    assert len(server.requests()) == before + 1


@pytest.mark.parametrize("length", [900, 1_000, 1_008, 1_009, 1_300, 4_000])
def test_a_line_never_outgrows_one_write_to_a_pipe(server: Server, length: int) -> None:
    """A pipe takes 4,096 bytes in one piece, and escaping makes three bytes of one."""
    refused = line_of(server, server.send(request(b"/" + b'"' * length))) is None
    assert refused == (len(b"GET / HTTP/1.1") + length > 1_024)
    assert max(map(len, server.log_file.read_text().splitlines())) < 4_096


FORGERY = b"x method=GET path=/ status=500 latency_ms=1.000 request_id=forged"
HOSTILE = {
    "request id with a field": request(b"/", b"X-Request-ID: a status=500"),
    "two request ids": request(b"/", b"X-Request-ID: a", b"X-Request-ID: b"),
    "bad UTF-8 in a header": request(b"/", b"User-Agent: \xff\xfe"),
    "unusual method": request(b"/", method=b"!$%&'*+-.^_`|~"),
    "script name": request(b"/", b"SCRIPT_NAME: /elsewhere"),
    "forged scheme": request(b"/", b"X-Forwarded-Proto: https", b"X-Forwarded-Ssl: off"),
    "absolute target": request(b"http://user:pass@elsewhere/x?y"),
    "asterisk": request(b"*", method=b"OPTIONS"),
    "no path": request(b"?x"),
    "hostile host": b"GET / HTTP/1.1\r\nHost: a b/..@:x\r\nConnection: close\r\n\r\n",
    "no host": b"GET / HTTP/1.0\r\n\r\n",
    "body nobody reads": request(b"/", b"Content-Length: 5", method=b"POST") + b"hello",
    "body too short": request(b"/", b"Content-Length: 50", method=b"POST") + b"hello",
    "accepted nonsense": request(b"/metrics", b"Accept: text/plain;version=x;escaping=y"),
    "10 kB agent": request(b"/", b"User-Agent: " + b"a" * 10_000),
    "long path": request(b"/" + b"a" * 2_000),
    "escape code in a header": request(b"/", b"User-Agent: \x1b[31m"),
    "raw bad UTF-8 in the path": request(b"/\xff"),
    "blank in the path": request(b"/a b"),
    "forged in the request line": b"GET / " + FORGERY + b"\r\n\r\n",
    "forged in a method": request(b"/", method=FORGERY),
    "forged in a header's name": request(b"/", FORGERY + b": 1"),
    "forged expectation": request(b"/", b"Expect: " + FORGERY),
    "forged coding": request(b"/", b"Transfer-Encoding: " + FORGERY),
    "not HTTP": b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
    "many headers": request(b"/", *[b"X-%d: 1" % number for number in range(80)]),
    "nothing": b"",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_sent_is_logged_plus_refused(server: Server, data: bytes) -> None:
    before, lines = server.series(), len(server.requests())
    line = line_of(server, server.send(data))
    logged = server.requests()[lines:]
    assert logged == ([] if line is None else [line])
    counted = total(server.series(), "http_requests_total") - total(before, "http_requests_total")
    assert counted == len(logged) + 1, "the first of the two scrapes"


def test_a_worker_that_dies_leaves_no_request_in_flight(server: Server) -> None:
    with ThreadPoolExecutor() as crowd:
        lost = crowd.submit(server.get, "/work?ms=5000")
        until(lambda: server.gauge("http_requests_in_flight") == 2)
        for worker in server.workers():
            os.kill(worker, signal.SIGKILL)
        assert lost.exception() is not None
    until(lambda: server.gauge("http_requests_capacity") == 12)
    assert server.gauge("http_requests_in_flight") == 1
