"""The embedded store and a real server give the same figures of the same events."""

from __future__ import annotations

import json
import random
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.live.shipping import call
from toolkit.connectors.elasticsearch import ElasticsearchAccess, LiveElasticsearch
from toolkit.evidence.elasticsearch.indices import AskedField, IndexMappings, LiveIndex
from toolkit.evidence.elasticsearch.measures import FigureGroup, Figures, Row, Timings, figures_of
from toolkit.evidence.elasticsearch.responses import LiveFigures
from toolkit.evidence.elasticsearch.rows import row_reader
from toolkit.findings import Location
from toolkit.model.queries import Answer

EVENTS = 100_000
RANK_ERROR = 0.002
"""How far a percentile of the digest may be from the place it names, as a share of all."""

FIELDS = (
    AskedField("@timestamp", "date"),
    AskedField("http.response.status_code", "short", "status"),
    AskedField("latency_ms", "float", "latency", "ms"),
    AskedField("url.path", "keyword", "route"),
)
DEFINITIONS: dict[str, dict[str, Any]] = {
    "@timestamp": {"type": "date"},
    "http.response.status_code": {"type": "short", "ignore_malformed": True},
    "latency_ms": {"type": "float", "ignore_malformed": True},
    "url.path": {"type": "keyword", "ignore_above": 40},
    "tags": {"type": "keyword"},
}


def random_events(seed: int) -> Iterator[dict[str, Any]]:
    """Events such as pipelines make, and some that they should not make."""
    chance = random.Random(seed)
    start = datetime(2026, 1, 10, 3, 17, tzinfo=UTC)
    for _ in range(EVENTS):
        at = start + timedelta(milliseconds=chance.randrange(60 * 3_600_000))
        event: dict[str, Any] = {"@timestamp": at.isoformat(timespec="milliseconds")[:23] + "Z"}
        if chance.random() < 0.02:
            event["tags"] = chance.sample(["_grokparsefailure", "_dateparsefailure", "slow"], 2)
        else:
            event |= _request(chance)
        yield event


def _request(chance: random.Random) -> dict[str, Any]:
    status: Any = chance.choices([200, 204, 301, 404, 500, 503], [80, 5, 3, 8, 3, 1])[0]
    latency: Any = round(chance.lognormvariate(2, 1.2), chance.choice([0, 1, 3]))
    status = chance.choices([status, str(status), f"{status}.0", "-"], [90, 6, 3, 1])[0]
    latency = chance.choices([latency, int(latency), str(latency), "12ms"], [80, 10, 9, 1])[0]
    path = chance.choice(["/", "/orders", "/work", "/" + "x" * 50, f"/{chance.randrange(20)}"])
    request = {"http": {"response": {"status_code": status}}, "url": {"path": path}}
    return {**request, "latency_ms": latency} if chance.random() < 0.97 else request


@pytest.fixture(scope="module")
def found() -> list[dict[str, Any]]:
    return list(random_events(20260110))


@pytest.fixture(scope="module")
def rows(found: list[dict[str, Any]]) -> list[Row]:
    read = row_reader(FIELDS, definitions=DEFINITIONS)
    return [read.row(event) for event in found]


@pytest.fixture(scope="module")
def index(every_server: str, found: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    name = f"live-{uuid4().hex[:10]}"
    body = {"mappings": {"properties": DEFINITIONS}}
    assert call(every_server, "PUT", f"/{name}", body)["acknowledged"]
    for start in range(0, EVENTS, 10_000):
        lines = (f'{{"index": {{}}}}\n{json.dumps(e)}\n' for e in found[start : start + 10_000])
        assert not call(every_server, "POST", f"/{name}/_bulk", "".join(lines))["errors"]
    call(every_server, "POST", f"/{name}/_refresh")
    yield every_server, name
    call(every_server, "DELETE", f"/{name}")


@pytest.fixture(scope="module")
def live(index: tuple[str, str]) -> Figures:
    url, name = index
    query = LiveIndex(name, FIELDS, (), Location("toolkit.yml"))
    state = LiveElasticsearch(ElasticsearchAccess(url)).answer([query])[query]
    assert isinstance(state, Answer), state
    assert list(IndexMappings.read(name, state.evidence.indices).types("latency_ms")) == ["float"]
    return LiveFigures(query).derive(state).evidence


def counted(part: FigureGroup) -> dict[str, Any]:
    """All that must be equal: all but what a digest is asked for, and the parts."""
    names = ("p50", "p95", "p99", "seconds", "routes", "hours")
    return {name: value for name, value in asdict(part).items() if name not in names}


def latencies(rows: list[Row]) -> list[float]:
    return sorted(row.seconds for row in rows if row.seconds is not None)


def hold(live: FigureGroup, here: FigureGroup, values: list[float]) -> None:
    assert counted(live) == counted(here)
    assert live.seconds == pytest.approx(here.seconds, rel=1e-12)
    assert live.mean == pytest.approx(here.mean, rel=1e-12)
    for part, share in ((live.p50, 0.5), (live.p95, 0.95), (live.p99, 0.99)):
        assert part is not None
        place = share * (len(values) - 1)
        slack = max(1.0, RANK_ERROR * len(values))
        assert bisect_left(values, part) - slack <= place <= bisect_right(values, part) + slack


def test_figures_of_all_events(live: Figures, rows: list[Row]) -> None:
    here = figures_of(rows)
    assert here.events == EVENTS
    assert here.failures > 1000
    assert set(here.ignored) == {"http.response.status_code", "latency_ms", "url.path"}
    hold(live, here, latencies(rows))


def test_figures_of_each_route(live: Figures, rows: list[Row]) -> None:
    here = figures_of(rows)
    assert list(live.routes) == list(here.routes)
    for route, part in here.routes.items():
        hold(live.routes[route], part, latencies([row for row in rows if row.route == route]))


def test_figures_of_each_hour(live: Figures, rows: list[Row]) -> None:
    here = figures_of(rows)
    assert list(live.hours) == list(here.hours)
    assert len(here.hours) == 61
    by_hour: dict[int, list[Row]] = {}
    for row in rows:
        by_hour.setdefault((row.at or 0) // 3_600_000 * 3_600_000, []).append(row)
    for hour, part in here.hours.items():
        hold(live.hours[hour], part, latencies(by_hour[hour]))


def test_a_percentile_of_another_place_is_found_out(rows: list[Row]) -> None:
    here = figures_of(rows)
    wrong = Timings(p50=(here.p50 or 0) * 1.05).p50
    values = latencies(rows)
    with pytest.raises(AssertionError):
        hold(FigureGroup(**{**asdict(FigureGroup()), **_of(here), "p50": wrong}), here, values)


def _of(part: FigureGroup) -> dict[str, Any]:
    return {name: getattr(part, name) for name in asdict(FigureGroup())}
