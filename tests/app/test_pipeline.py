"""The pipeline that ships reads every line the service writes, as the service meant it."""

from __future__ import annotations

import glob
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from app.config import Config
from tests.app.reading import Line, read_lines
from tests.app.running import ROOT
from toolkit.filebeat.config import parse_inputs
from toolkit.filebeat.multiline import join
from toolkit.logstash.config import parse
from toolkit.logstash.event.codecs import from_line, print_event
from toolkit.logstash.event.values import Timestamp
from toolkit.logstash.filters import Context
from toolkit.logstash.pipeline.compiler import compile as compile_pipeline
from toolkit.logstash.source import Source

PIPELINES = ROOT / "pipelines"
SAMPLES = "".join(path.read_text() for path in sorted((PIPELINES / "samples").glob("*.log")))

Ship = Callable[[str], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def ship() -> Ship:
    """Send a log through Filebeat's multiline and Logstash's filters."""
    configuration = PIPELINES / "logstash" / "app.conf"
    shipper = PIPELINES / "filebeat" / "filebeat.yml"
    (collected,) = parse_inputs(shipper.read_text(), source=shipper.name)
    pipeline = compile_pipeline(
        parse([Source(configuration.name, configuration.read_text())]),
        Context(
            clock=lambda: 0,
            timezone=ZoneInfo("America/Sao_Paulo"),
            read_file=lambda name: (ROOT / name).read_bytes(),
            list_files=lambda pattern: sorted(glob.glob(pattern, root_dir=ROOT)),  # noqa: PTH207
        ),
    )

    def run(log: str) -> list[dict[str, Any]]:
        lines = log.removesuffix("\n").split("\n")
        messages = join(lines, collected.multiline)
        starts = [event for each in messages for event in from_line(each.text, Timestamp(0))]
        outcomes = pipeline.run(starts)
        return [json.loads(print_event(event)) for each in outcomes for event in each.events]

    return run


def meant(line: Line, original: str) -> dict[str, Any]:
    """Make of a line, read by other means, the event that should come of it."""
    text = {name: value.decode(errors="replace") for name, value in line.fields.items()}
    event: dict[str, Any] = {
        "@timestamp": line.time.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "@version": "1",
        "event": {"original": original},
        "log": {"level": line.level},
        "message": line.message,
    }
    if line.is_request:
        event["http"] = {
            "request": {"method": text["method"], "id": text["request_id"]},
            "response": {"status_code": int(text["status"])},
        }
        event["url"] = {"path": line.fields["path"]}
        event["latency_ms"] = float(text["latency_ms"])
    else:
        event["process"] = {"pid": int(text["pid"])}
    if line.traceback:
        event["error"] = {"stack_trace": "\n".join(line.traceback)}
    return event


def decoded(event: dict[str, Any]) -> dict[str, Any]:
    """Undo the encoding of an event's texts."""
    event["message"] = unquote_to_bytes(event["message"]).decode()
    if "url" in event:
        event["url"] = {"path": unquote_to_bytes(event["url"]["path"])}
        request = event["http"]["request"]
        request["method"] = unquote_to_bytes(request["method"]).decode()
    return event


def assert_shipped(ship: Ship, log: str) -> None:
    events, lines = [decoded(event) for event in ship(log)], read_lines(log)
    originals = [event["event"]["original"] for event in events]
    assert "\n".join([*originals, ""]) == log
    assert events == [meant(*pair) for pair in zip(lines, originals, strict=True)]
    assert {type(event["latency_ms"]) for event in events if "latency_ms" in event} == {float}


def test_every_sample_becomes_the_event_it_means(ship: Ship) -> None:
    assert_shipped(ship, SAMPLES)


def test_what_the_service_writes_now_ships_as_well(
    ship: Ship, client: FlaskClient, config: Config
) -> None:
    for target in ("/", "/work?ms=1", "/work", "/missing", "/fault", "/%0d%0a%20status=500%ff"):
        client.get(target)
    assert_shipped(ship, config.log_file.read_text())


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Traceback (most recent call last):",
        "2026-01-10 00:45:12 INFO Root endpoint accessed",
        "2026-01-10 00:45:12 INFO Seen method=GET path=/ status=- latency_ms=1.000 request_id=a",
        "2026-01-10 00:45:12 INFO Seen method=GET path=/ status=200 latency_ms=1 request_id=a",
        "2026-01-10 00:45:12 INFO Seen method=GET path=/ status=1 latency_ms=1.000 request_id=a=b",
        "2026-01-10 00:45:12 INFO A pid=1 method=A path=/ status=1 latency_ms=1.000 request_id=a",
        "2026-01-10 00:45:12 INFO Seen pid=1 pid=2",
        "2026-01-10T00:45:12 INFO Seen pid=1",
    ],
)
def test_any_other_line_is_tagged_and_kept(ship: Ship, line: str) -> None:
    (event,) = ship(line)
    assert event["tags"] == ["_grokparsefailure"]
    assert event["message"] == event["event"]["original"] == line


def test_the_sample_of_a_traceback_is_one_event(ship: Ship) -> None:
    log = (PIPELINES / "samples" / "tracebacks.log").read_text()
    traces = [event["error"]["stack_trace"] for event in ship(log)]
    assert len(traces) == 2
    assert all(trace.endswith("RuntimeError: this route always fails") for trace in traces)
