"""The ledger by way of a file that a shipper reads: what it loses, doubles or misreads."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.acceptance import ROOT
from tests.live.shipping import Shipment, call, shipment
from tests.live.tailing import Event, Shipper, shipping
from tests.live.test_ledger import TARGET, account, held, keep
from tests.waiting import PATIENCE, until
from toolkit.connectors.elasticsearch import ledger

LINES = 40
FIELD = "      http.request.id: {type: keyword, role: id}\n"


@pytest.fixture
def shipped(server: str, tmp_path: Path) -> Iterator[Shipment]:
    with shipment(server, tmp_path / "project") as found:
        declare(found)
        found.install()
        yield found


def declare(shipped: Shipment, field: str = FIELD) -> None:
    text = shipped.contract.read_text("utf-8").partition("      http.request.id")[0]
    kept = f"{{via: filebeat, path: app.log, lines: {LINES}, within: {PATIENCE}}}"
    target = TARGET.format(shipped.url, "true")
    shipped.contract.write_text(f"{text}{field}    ledger: {kept}\n{target}", "utf-8")


def log(shipped: Shipment) -> Path:
    return shipped.folder / "app.log"


def keep_behind(shipped: Shipment, fault: Callable[[int, Event], list[Event]]) -> tuple[int, Any]:
    """Keep the ledger while a shipper is at work that has read what is there.

    Time passes only while the shipper has had nothing to do.
    """
    read = log(shipped).stat().st_size if log(shipped).exists() else 0
    with (
        shipping(Shipper(shipped, log(shipped), fault, read)) as shipper,
        pytest.MonkeyPatch.context() as patch,
    ):
        now, idle = 0.0, False

        def monotonic() -> float:
            nonlocal now, idle
            now, idle = now + PATIENCE * idle, shipper.is_idle()
            return now

        patch.setattr(ledger, "time", SimpleNamespace(monotonic=monotonic, sleep=time.sleep))
        return keep(shipped)


def first(report: Any) -> Any:
    return report["findings"][0]


def test_every_line_comes_out_with_the_present_time(shipped: Shipment) -> None:
    log(shipped).write_text("a line of somebody else\n", "utf-8")
    shipped.index([{"@timestamp": "2026-01-10T00:00:00.000Z", "message": "of somebody else"}])
    seen: list[Event] = []

    def look(number: int, event: Event) -> list[Event]:
        seen.append(event)
        return [event]

    code, report = keep_behind(shipped, look)
    assert code == 0, report
    assert account(report) == (
        f"sent {LINES} = indexed {LINES} + rejected 0 + ignored 0 + missing 0; duplicates 0"
    )
    assert [each["severity"] for each in report["findings"]] == ["info"]
    assert len({each["http"]["request"]["id"] for each in seen}) == LINES
    age = [datetime.now(UTC) - datetime.fromisoformat(each["@timestamp"]) for each in seen]
    assert max(age).total_seconds() < 3600
    lines = log(shipped).read_text("utf-8").splitlines()
    assert lines[0] == "a line of somebody else"
    assert all(f" request_id={each['http']['request']['id']}" in "\n".join(lines) for each in seen)
    assert [hit["_source"]["message"] for hit in held(shipped)] == ["of somebody else"]


def test_a_second_run_is_not_disturbed_by_the_first(shipped: Shipment) -> None:
    codes = [keep_behind(shipped, lambda number, event: [event])[0] for _ in range(2)]
    assert codes == [0, 0]
    assert held(shipped) == []


def test_a_line_that_the_shipper_sends_twice(shipped: Shipment) -> None:
    code, report = keep_behind(shipped, lambda number, event: [event] * (1 + (number == 7)))
    assert code == 1
    assert first(report)["what"].startswith("a document too many: ")
    assert account(report).endswith("missing 0; duplicates 1")
    assert held(shipped) == []


def test_what_a_run_that_was_killed_has_left_falsifies_nothing(shipped: Shipment) -> None:
    left: list[Event] = []

    def keep_a_copy(number: int, event: Event) -> list[Event]:
        left.append(event)
        return [event]

    keep_behind(shipped, keep_a_copy)
    shipped.index(left)
    code, report = shipped.verify()
    assert (code, report["findings"]) == (3, [])
    looked = [each["looked_at"] for each in report["judgements"]]
    assert {each["sampled"] for each in looked if each["unit"] == "indexed events"} == {0}
    code, report = keep_behind(shipped, lambda number, event: [event])
    assert code == 0, report
    assert held(shipped) == []


def test_lines_that_are_lost_misread_or_sent_astray(shipped: Shipment) -> None:
    other = f"stray.{shipped.name}"

    def spoil(number: int, event: Event) -> list[Event]:
        tagged = {"message": event["event"]["original"], "tags": ["_grokparsefailure"]}
        if number == 8:
            call(shipped.url, "POST", f"/{other}/_doc?refresh=true", event)
        unread = {"@timestamp": event["@timestamp"], **tagged}
        return {6: [], 7: [unread], 8: []}.get(number, [event])

    try:
        code, report = keep_behind(shipped, spoil)
        call(shipped.url, "POST", f"/{other}/_refresh")
        astray = call(shipped.url, "POST", f"/{other}/_search")["hits"]["total"]["value"]
    finally:
        call(shipped.url, "DELETE", f"/{other}")
    assert code == 1
    assert first(report)["what"].startswith(f"3 lines are missing: sent {LINES} = indexed ")
    assert first(report)["what"].endswith("missing 3; duplicates 0")
    instead = f"1 came out unparsed, 1 went into `{other}`, 1 are not found"
    assert instead in first(report)["why"]
    assert first(report)["fix"].startswith("compare the pipeline that runs")
    assert (held(shipped), astray) == ([], 0)


def test_a_file_that_ends_within_a_line_is_left_alone(shipped: Shipment) -> None:
    log(shipped).write_text("half a li", "utf-8")
    code, report = keep(shipped)
    assert code == 3
    (judgement,) = report["judgements"]
    assert judgement["unproven"][0]["what"] == "`app.log` ends within a line"
    assert log(shipped).read_text("utf-8") == "half a li"


def test_a_run_that_is_ended_removes_what_arrives(shipped: Shipment) -> None:
    interrupted = threading.Event()

    def hold(number: int, event: Event) -> list[Event]:
        if number >= LINES // 2:
            interrupted.wait(PATIENCE)
        return [event]

    command = [sys.executable, "-m", "toolkit", "verify", str(shipped.contract), "--live"]
    with shipping(Shipper(shipped, log(shipped), hold)) as shipper:
        running = subprocess.Popen(
            [*command, "--allow-writes", "--only", "logs/ledger"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        until(lambda: shipper.events >= LINES // 2, "lines are shipped")
        running.send_signal(signal.SIGTERM)  # as Ctrl-C, which background jobs ignore
        interrupted.set()
        said = b"".join(running.communicate(timeout=PATIENCE))
    assert running.returncode == 130, said
    assert shipper.events == LINES
    assert held(shipped) == []
    assert b"Traceback" not in said
