"""The exposition: complete before the first request, bounded after any."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from app import create_app
from app.config import Config
from app.metrics import Metrics
from tests.app.reading import Series, read_exposition

ROUTES = ["/", "/health", "/metrics", "/ready", "/work"]


def scrape(client: FlaskClient) -> Series:
    return read_exposition(client.get("/metrics").text)


def test_what_alerts_read_is_there_before_the_first_request(client: FlaskClient) -> None:
    series = scrape(client)
    for route in ROUTES:
        for status in ("200", "500"):
            labels = (("method", "GET"), ("route", route), ("status", status))
            assert series["http_requests_total", labels] == 0
            assert series["http_request_duration_seconds_count", labels] == 0


def test_the_latency_objective_is_an_edge_of_the_histogram(client: FlaskClient) -> None:
    client.get("/work?ms=1")
    labels = (("le", "0.25"), ("method", "GET"), ("route", "/work"), ("status", "200"))
    assert scrape(client)["http_request_duration_seconds_bucket", labels] == 1


def test_the_histogram_is_in_seconds(client: FlaskClient) -> None:
    client.get("/work?ms=20")
    labels = (("method", "GET"), ("route", "/work"), ("status", "200"))
    assert 0.02 <= scrape(client)["http_request_duration_seconds_sum", labels] < 1


def test_a_scan_adds_no_series(client: FlaskClient) -> None:
    client.get("/missing")
    client.open("/", method="BREW")
    before = set(scrape(client))
    for number in range(20):
        client.get(f"/missing/{number}")
        client.open("/", method=f"BREW{number}")
    assert set(scrape(client)) == before


def test_the_service_tells_its_version_and_how_busy_it_is(client: FlaskClient) -> None:
    series = scrape(client)
    build = (("python", platform.python_version()), ("version", "1.2.3"))
    assert series["app_build_info", build] == 1
    assert series["http_requests_in_flight", ()] == 1, "the scrape itself"
    assert series["http_requests_capacity", ()] == 4


@pytest.mark.parametrize("accept", ["", "*/*", "text/plain;version=nonsense;escaping=nonsense"])
def test_the_exposition_is_text_by_default(client: FlaskClient, accept: str) -> None:
    answer = client.get("/metrics", headers={"Accept": accept})
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"


def test_prometheus_gets_the_format_it_prefers(client: FlaskClient) -> None:
    preferred = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"
    answer = client.get("/metrics", headers={"Accept": preferred})
    assert answer.content_type.startswith("application/openmetrics-text; version=1.0.0")
    families = text_string_to_metric_families(answer.text)  # type: ignore[no-untyped-call]
    names = {family.name for family in families}
    assert {"http_requests", "http_request_duration_seconds"} <= names


def test_applications_of_one_process_share_no_counter(client: FlaskClient, tmp_path: Path) -> None:
    client.get("/")
    labels = (("method", "GET"), ("route", "/"), ("status", "200"))
    other = create_app(Config(log_dir=tmp_path / "other")).test_client()
    assert scrape(other)["http_requests_total", labels] == 0
    assert scrape(client)["http_requests_total", labels] == 1


def test_a_worker_that_is_just_starting_does_not_break_the_scrape(tmp_path: Path) -> None:
    (tmp_path / "gauge_livesum_7.db").touch()
    page, _ = Metrics("1.2.3", threads=4, folder=tmp_path).exposition("")
    assert page == b""
