"""The first hop for real: Filebeat ships the log of the running service, every line once.

It runs with the configuration that ships, and sends to a receiver of these tests instead of
Logstash. What arrives is held to the emulation: the same messages, and behind the emulated
pipeline the same events.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.app.running import ROOT, Server, start
from tests.cluster.beats import Inbox, inbox
from tests.cluster.daemons import tail, until
from tests.cluster.parts import part
from toolkit.connectors.files import FileSystem
from toolkit.contract import parse_contract
from toolkit.evidence.logs.events import Events, events
from toolkit.evidence.logs.pipelines import Compiled, pipeline
from toolkit.filebeat.config import Input, parse_inputs
from toolkit.filebeat.reading import messages
from toolkit.logstash.event.codecs import from_json
from toolkit.logstash.event.values import Timestamp
from toolkit.model.contract import Scope
from toolkit.model.queries import Answer, Query
from toolkit.verification import gather, report_bug

pytestmark = pytest.mark.cluster

SHIPPER = ROOT / "pipelines" / "filebeat" / "filebeat.yml"
ARRIVES = 60.0
"""Seconds until the last line is there; it waits 5 s for what might belong to it."""


@dataclass(frozen=True, slots=True)
class Volume:
    """The folders of pods, as one Filebeat sees them."""

    logs: Path
    scratch: Path
    inbox: Inbox

    @contextmanager
    def shipped(self) -> Iterator[None]:
        """Run Filebeat; where it had read to is kept for the next time."""
        log = self.scratch / "filebeat.out"
        words = [part("filebeat"), "-e", "--strict.perms=false", "-c", str(SHIPPER)]
        paths = ["--path.data", str(self.scratch / "data"), "--path.logs", str(self.scratch)]
        where = {
            "APP_LOG_DIR": str(self.logs / "*" / "logs"),
            "LOGSTASH_HOSTS": f"127.0.0.1:{self.inbox.port}",
        }
        with log.open("ab") as sink:
            process = subprocess.Popen(
                [*words, *paths], env=os.environ | where, stdout=sink, stderr=sink
            )
        try:
            until(
                lambda: "filebeat start running" in tail(log, 400), "Filebeat runs", 30, [process]
            )
            yield
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()
            process.wait()

    def files(self) -> list[Path]:
        return sorted(self.logs.glob("*/logs/app.log*"))

    def written(self) -> Counter[str]:
        """The messages that the emulation reads from the files."""
        return Counter(
            message.text
            for path in self.files()
            for message in messages(path.read_text("utf-8"), shipper())
        )

    def arrived(self) -> Counter[str]:
        return Counter(event["message"] for event in self.inbox.events())

    def wait_for_all(self) -> None:
        """Until as much has arrived as was written."""
        written = self.written()
        try:
            until(lambda: self.arrived().total() >= written.total(), "all has arrived", ARRIVES)
        except AssertionError as failed:
            lost = written - self.arrived()
            raise AssertionError(f"{failed}; lost: {lost.most_common(3)}") from None


@pytest.fixture
def volume(tmp_path: Path) -> Iterator[Volume]:
    for name in ("pods", "scratch"):
        (tmp_path / name).mkdir()
    with inbox() as receiving:
        yield Volume(tmp_path / "pods", tmp_path / "scratch", receiving)


def shipper() -> Input:
    found, *_ = parse_inputs(SHIPPER.read_text("utf-8"), source="filebeat.yml")
    return found


def load(server: Server, requests: int) -> None:
    """Requests of all kinds, four at a time; every tenth ends in a traceback of many lines."""
    paths = ["/", "/health", "/work?ms=1", "/missing", "/a%20status=500", "/", "/", "/", "/"]

    def send(number: int) -> None:
        server.get(paths[number % 10] if number % 10 < 9 else "/fault")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send, range(requests)))


def test_every_line_arrives_once_whatever_is_renamed(volume: Volume) -> None:
    server = start(volume.logs / "pod-1", APP_FAULTS="on")
    try:
        with volume.shipped():
            for number in range(4):
                load(server, 100)
                server.log_file.rename(server.log_file.with_name(f"app.log.{number}"))
            load(server, 50)
            server.stop()
            volume.wait_for_all()
    finally:
        server.process.kill()
        server.process.wait()
    assert len(volume.files()) == 5
    assert volume.arrived() == volume.written()
    assert sum(message.count("\n") > 3 for message in volume.arrived()) >= 45


def test_what_a_pod_wrote_last_is_shipped_when_it_is_gone(volume: Volume) -> None:
    """Three replicas, two of which go; Filebeat is away meanwhile, and comes back."""
    servers = [start(volume.logs / f"pod-{n}", APP_FAULTS="on") for n in range(3)]
    try:
        with volume.shipped():
            for server in servers:
                load(server, 60)
        for server in servers[1:]:
            load(server, 40)
            server.stop()
        with volume.shipped():
            load(servers[0], 40)
            servers[0].stop()
            volume.wait_for_all()
    finally:
        for server in servers:
            server.process.kill()
            server.process.wait()
    # Filebeat sends again what was not acknowledged before it stopped: at least once, never less.
    assert volume.written() - volume.arrived() == Counter()
    assert volume.arrived().keys() == volume.written().keys()


def test_a_log_of_a_few_bytes_is_shipped_too(volume: Volume) -> None:
    log = volume.logs / "pod-1" / "logs" / "app.log"
    log.parent.mkdir(parents=True)
    line = "2026-01-10 00:45:12 INFO Started"
    log.write_text(f"{line}\n", "utf-8")
    with volume.shipped():
        volume.wait_for_all()
    assert volume.arrived() == Counter([line])


def test_behind_the_pipeline_they_are_the_events_of_the_emulation(volume: Volume) -> None:
    server = start(volume.logs / "pod-1", APP_FAULTS="on")
    try:
        with volume.shipped():
            load(server, 60)
            server.stop()
            volume.wait_for_all()
    finally:
        server.process.kill()
        server.process.wait()
    emulated, running = emulation(server.log_file)
    real = list(parsed(volume.inbox.events(), running))
    assert Counter(map(shown, real)) == Counter(map(shown, emulated))
    assert all("latency_ms" in event for event in real if "http" in event)
    assert {type(event["latency_ms"]) for event in real if "http" in event} == {float}
    assert not [event for event in real if "_grokparsefailure" in event["tags"]]


def emulation(log: Path) -> tuple[Events, Compiled]:
    """What the contract's own pipeline makes of a log, and that pipeline."""
    text = f"""\
logs:
  - samples: {log.name}
    pipeline: {ROOT}/pipelines/logstash/*.conf
    shipper: {SHIPPER}
"""
    scope = replace(Scope(parse_contract(text, source="toolkit.yml")), folder=str(log.parent))
    expected = scope.contract.logs[0]
    lines, through = events(expected, scope)["samples"], pipeline(expected, scope)
    assert through is not None
    asked: list[Query[Any]] = [lines, through]
    answers = gather(asked, [FileSystem(log.parent)], lambda system: None, report_bug)
    found, compiled = (answers[query] for query in asked)
    assert isinstance(found, Answer), found
    assert isinstance(compiled, Answer)
    return found.evidence, compiled.evidence


def parsed(received: list[dict[str, Any]], compiled: Compiled) -> Iterator[Mapping[str, Any]]:
    """What the pipeline makes of events as the beats input hands them on."""
    for each in received:
        given = {name: value for name, value in each.items() if name != "@metadata"}
        (event,) = from_json(json.dumps(given), Timestamp(0))
        event.set("[event][original]", each["message"])
        event.tag("beats_input_codec_plain_applied")
        (outcome,) = compiled.started().run([event])
        yield from (made.to_dict() for made in outcome.events)


def shown(event: Mapping[str, Any]) -> str:
    """All but what is the machine's, or Filebeat's version's: names, ids, places in the file."""
    own = ("agent", "host", "ecs")
    log = {name: value for name, value in event["log"].items() if name in ("level", "flags")}
    kept = {name: value for name, value in event.items() if name not in own}
    return json.dumps({**kept, "log": log}, sort_keys=True)
