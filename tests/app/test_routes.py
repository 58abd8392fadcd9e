"""What each address answers, and what the log and the counters say about it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import create_app
from app.config import Config
from tests.app.reading import Line, read_exposition

Lines = Callable[[], list[Line]]


def count(client: FlaskClient, method: str, route: str, status: int) -> float:
    labels = (("method", method), ("route", route), ("status", str(status)))
    series = read_exposition(client.get("/metrics").text)
    assert (
        series["http_requests_total", labels]
        == series["http_request_duration_seconds_count", labels]
    )
    return series["http_requests_total", labels]


@pytest.mark.parametrize(
    ("method", "target", "status", "route", "level", "message"),
    [
        ("GET", "/", 200, "/", "INFO", "Root endpoint accessed"),
        ("HEAD", "/", 200, "/", "INFO", "Root endpoint accessed"),
        ("GET", "/?q=1", 200, "/", "INFO", "Root endpoint accessed"),
        ("POST", "/", 405, "unmatched", "WARNING", "Method not allowed"),
        ("OPTIONS", "/", 405, "unmatched", "WARNING", "Method not allowed"),
        ("GET", "/health", 200, "/health", "INFO", "Health checked"),
        ("GET", "/ready", 200, "/ready", "INFO", "Readiness checked"),
        ("GET", "/metrics", 200, "/metrics", "INFO", "Metrics scraped"),
        ("GET", "/work?ms=1", 200, "/work", "INFO", "Work done"),
        ("GET", "/work?ms=x", 400, "/work", "WARNING", "Bad request"),
        ("GET", "/fault", 500, "/fault", "ERROR", "Unhandled exception"),
        ("GET", "/missing", 404, "unmatched", "WARNING", "Not found"),
        ("GET", "/health/", 404, "unmatched", "WARNING", "Not found"),
    ],
)
def test_each_answer_is_logged_and_counted_once(
    client: FlaskClient,
    lines: Lines,
    method: str,
    target: str,
    status: int,
    route: str,
    level: str,
    message: str,
) -> None:
    answer = client.open(target, method=method)
    assert answer.status_code == status
    (line,) = lines()
    assert (line.level, line.message, line.status) == (level, message, str(status))
    assert line.fields["method"].decode() == method
    assert line.fields["path"].decode() == target.partition("?")[0]
    assert line.fields["request_id"].decode() == answer.headers["X-Request-ID"]
    assert 0 < float(line.fields["latency_ms"]) < 1000
    assert count(client, method, route, status) == 1


@pytest.mark.parametrize("target", ["/missing", "/work", "/fault"])
def test_failures_are_explained_in_json(client: FlaskClient, target: str) -> None:
    answer = client.get(target)
    assert answer.content_type == "application/json"
    assert set(answer.json or {}) == {"error"}


def test_a_wrong_method_is_told_the_right_ones(client: FlaskClient) -> None:
    assert set(client.delete("/").headers["Allow"].split(", ")) == {"GET", "HEAD"}


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("", "`ms` is given 0 times"),
        ("?ms=1&ms=2", "`ms` is given 2 times"),
        ("?ms=", "`ms` is not a whole number"),
        ("?ms=-5", "`ms` is not a whole number"),
        ("?ms=1e3", "`ms` is not a whole number"),
        ("?ms=NaN", "`ms` is not a whole number"),
        ("?ms=%D9%A3", "`ms` is not a whole number"),
        ("?ms=1%0A", "`ms` is not a whole number"),
    ],
)
def test_a_bad_amount_of_work_says_why(client: FlaskClient, query: str, reason: str) -> None:
    answer = client.get(f"/work{query}")
    assert answer.status_code == 400
    assert (answer.json or {})["error"].startswith(reason)


def test_work_costs_cpu_up_to_a_limit(client: FlaskClient, lines: Lines) -> None:
    before = time.thread_time()
    assert client.get("/work?ms=999999999").json == {"burnt_ms": 50}
    assert 0.05 <= time.thread_time() - before < 0.5
    assert float(lines()[0].fields["latency_ms"]) >= 50


def test_a_fault_leaves_its_traceback_in_the_log_and_nowhere_else(
    client: FlaskClient, lines: Lines
) -> None:
    answer = client.get("/fault")
    (line,) = lines()
    assert line.traceback[0] == "Traceback (most recent call last):"
    assert line.traceback[-1] == "RuntimeError: this route always fails"
    assert "always fails" not in answer.text


def test_there_is_no_fault_unless_it_is_switched_on(tmp_path: Path) -> None:
    client = create_app(Config(log_dir=tmp_path)).test_client()
    assert client.get("/fault").status_code == 404


@pytest.mark.parametrize("offered", ["a", "4f9c-7_x.Y", "x" * 64])
def test_a_well_formed_request_id_is_kept(client: FlaskClient, lines: Lines, offered: str) -> None:
    answer = client.get("/", headers={"X-Request-ID": offered})
    assert answer.headers["X-Request-ID"] == offered
    assert lines()[0].fields["request_id"].decode() == offered


@pytest.mark.parametrize("offered", ["", "x" * 65, "a b", "a=b", "a,b", "é", "a\tb", '"'])
def test_any_other_request_id_is_replaced(client: FlaskClient, lines: Lines, offered: str) -> None:
    answer = client.get("/", headers={"X-Request-ID": offered})
    assert len(answer.headers["X-Request-ID"]) == 32
    assert lines()[0].fields["request_id"].decode() == answer.headers["X-Request-ID"]


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(), st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1))
def test_any_path_and_method_are_logged_as_they_came(
    client: FlaskClient, lines: Lines, config: Config, path: bytes, method: str
) -> None:
    os.truncate(config.log_file, 0)
    client.open("/", method=method, environ_overrides={"PATH_INFO": path.decode("latin-1")})
    (line,) = lines()
    assert line.fields["path"] == (path or b"/")
    assert line.fields["method"].decode() == method


def test_readiness_ends_before_life_does(service: Flask, client: FlaskClient) -> None:
    service.extensions["app"].attach(threads=4, stopping=lambda: True)
    answer = client.get("/ready")
    assert answer.status_code == 503
    assert answer.json == {"status": "not ready", "obstacles": ["the service is shutting down"]}
    assert client.get("/health").status_code == 200


def test_without_a_log_the_service_is_not_ready(client: FlaskClient, config: Config) -> None:
    config.log_file.unlink()
    config.log_dir.rmdir()
    answer = client.get("/ready")
    assert answer.status_code == 503
    assert (answer.json or {})["obstacles"] == ["the log cannot be written"]
    config.log_dir.mkdir()
    assert client.get("/ready").status_code == 200
