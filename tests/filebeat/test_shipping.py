"""A real first hop, recorded: Filebeat 9.3 read a log and sent it to Logstash 9.2.0."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from toolkit.connectors.files import FileSystem
from toolkit.contract import parse_contract
from toolkit.evidence.logs.events import Events, events
from toolkit.filebeat.config import parse_inputs
from toolkit.filebeat.reading import messages
from toolkit.model.contract import Scope
from toolkit.model.queries import Answer
from toolkit.verification import gather, report_bug

HERE = Path(__file__).parent / "shipping"
CONTRACT = "logs: [{samples: app.log, shipper: filebeat.yml, pipeline: pipeline.conf}]"

_MACHINES = frozenset({"agent", "host"})
"""What Filebeat says of the machine it runs on."""


def received() -> list[Mapping[str, Any]]:
    text = (HERE / "received.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_the_messages_are_those_that_logstash_received() -> None:
    shipper, *_ = parse_inputs((HERE / "filebeat.yml").read_text("utf-8"), source="filebeat.yml")
    found = messages((HERE / "app.log").read_text("utf-8"), shipper)
    assert [message.text for message in found] == [e["event"]["original"] for e in received()]


def test_the_events_are_those_that_logstash_printed() -> None:
    scope = replace(Scope(parse_contract(CONTRACT, source="toolkit.yml")), folder=str(HERE))
    query = events(scope.contract.logs[0], scope)["samples"]
    answer = gather([query], [FileSystem(HERE)], lambda system: None, report_bug)[query]
    assert isinstance(answer, Answer)
    assert isinstance(answer.evidence, Events)
    assert [_own(event) for event in answer.evidence] == [_own(event) for event in received()]


def test_what_the_machine_adds_has_the_same_form() -> None:
    shipper, *_ = parse_inputs((HERE / "filebeat.yml").read_text("utf-8"), source="filebeat.yml")
    added, recorded = shipper.event(), received()[0]
    assert added["host"].keys() == recorded["host"].keys()
    assert added["agent"].keys() <= recorded["agent"].keys()
    assert added["log"]["file"]["path"] == recorded["log"]["file"]["path"]


def _own(event: Mapping[str, Any]) -> dict[str, Any]:
    """All but what is the machine's own: names, ids, the place in the file."""
    log = {name: value for name, value in event["log"].items() if name in ("level", "flags")}
    kept = {name: value for name, value in event.items() if name not in _MACHINES}
    return {**kept, "log": log}
