"""``toolkit verify --live`` against a real server: what ships passes, each fault is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live.shipping import Shipment, call, sample_events, shipment


@pytest.fixture
def shipped(server: str, tmp_path: Path) -> Iterator[Shipment]:
    with shipment(server, tmp_path / "project") as found:
        yield found


def test_what_ships_holds_on_every_version(every_server: str, tmp_path: Path) -> None:
    with shipment(every_server, tmp_path / "project") as shipped:
        shipped.install()
        shipped.index(sample_events())
        code, report = shipped.verify()
    assert code == 0, report
    assert report["findings"] == []
    looked = {each["check"]: each for each in report["judgements"] if "live" in each["step"]}
    assert len(looked) >= 8
    assert {each["verdict"] for each in looked.values()} == {"pass"}


def first_finding(shipped: Shipment) -> tuple[str, str]:
    code, report = shipped.verify()
    assert code == 1, report
    first = report["findings"][0]
    return first["check"], first["what"]


def status_as_text(shipped: Shipment) -> None:
    template = shipped.template()
    response = template["template"]["mappings"]["properties"]["http"]["properties"]["response"]
    response["properties"]["status_code"] = {"type": "text"}
    shipped.install(template)
    shipped.index(sample_events())


def latency_first_seen_whole(shipped: Shipment) -> None:
    template = shipped.template()
    del template["template"]["mappings"]["properties"]["latency_ms"]
    shipped.install(template)
    first, *others = sample_events()
    shipped.index([{**first, "latency_ms": 12}, *others])


def a_bad_value_ignored(shipped: Shipment) -> None:
    template = shipped.template()
    template["template"]["mappings"]["properties"]["latency_ms"]["ignore_malformed"] = True
    shipped.install(template)
    shipped.index([*sample_events(), {**sample_events()[0], "latency_ms": "12ms"}])


def two_indices_in_conflict(shipped: Shipment) -> None:
    definition = {"properties": {"latency_ms": {"type": "keyword"}}}
    shipped.install()
    body = {"mappings": definition}
    call(shipped.url, "DELETE", f"/_index_template/{shipped.name}")
    call(shipped.url, "PUT", f"/{shipped.name}-2026.01.01", body)
    shipped.install()
    shipped.index(sample_events())


def one_event_missing(shipped: Shipment) -> None:
    shipped.install()
    found = sample_events()
    del found[7]
    shipped.index(found)


def one_event_doubled(shipped: Shipment) -> None:
    shipped.install()
    found = sample_events()
    shipped.index([*found, found[7]])


def lines_not_parsed(shipped: Shipment) -> None:
    shipped.install()
    unread = {**sample_events()[0], "message": "?", "tags": ["_grokparsefailure"]}
    shipped.index([*sample_events(), unread])


def another_template(shipped: Shipment) -> None:
    template = shipped.template()
    template["template"]["mappings"]["properties"]["latency_ms"]["coerce"] = False
    shipped.install(template)
    shipped.index(sample_events())


FAULTS: dict[str, tuple[Callable[[Shipment], None], str, str]] = {
    "status as text": (
        status_as_text,
        "elasticsearch/type-mismatch",
        "`http.response.status_code` is mapped as `text`, not as `short`",
    ),
    "latency first seen whole": (
        latency_first_seen_whole,
        "elasticsearch/first-value-decides",
        "`latency_ms` was first seen as a whole number: it is `long`, not `float`",
    ),
    "a bad value ignored": (
        a_bad_value_ignored,
        "elasticsearch/ignored-fields",
        "an event loses `latency_ms` (`12ms`): no search finds the value",
    ),
    "two indices in conflict": (
        two_indices_in_conflict,
        "elasticsearch/field-conflict",
        "`latency_ms` is `",
    ),
    "one event missing": (
        one_event_missing,
        "elasticsearch/missing-events",
        "an event is missing in the index: sent 62 = indexed 61 + missing 1",
    ),
    "one event doubled": (
        one_event_doubled,
        "elasticsearch/doubled-events",
        "a document too many for 62 events sent",
    ),
    "lines not parsed": (
        lines_not_parsed,
        "elasticsearch/parse-failures",
        "1 of 63 indexed events are not parsed: `_grokparsefailure` 1",
    ),
    "another template": (
        another_template,
        "elasticsearch/mapping-drift",
        "`latency_ms` has `coerce: false` in the index, `coerce: true` in the template",
    ),
}


@pytest.mark.parametrize(("plant", "check", "what"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named_first(
    shipped: Shipment, plant: Callable[[Shipment], None], check: str, what: str
) -> None:
    plant(shipped)
    found, said = first_finding(shipped)
    assert (found, said[: len(what)]) == (check, what)


def test_an_empty_server_proves_nothing(shipped: Shipment) -> None:
    code, report = shipped.verify()
    assert code == 3
    live = [each for each in report["judgements"] if each["step"].endswith(", live]")]
    assert {each["verdict"] for each in live} == {"unproven"}


def test_a_threshold_is_measured(shipped: Shipment) -> None:
    text = shipped.contract.read_text("utf-8")
    bounded = text.replace("at_least: 0}", 'at_least: 0, p95: "< 0.1 ms"}')
    shipped.contract.write_text(bounded, "utf-8")
    shipped.install()
    shipped.index(sample_events())
    check, what = first_finding(shipped)
    assert check == "elasticsearch/thresholds"
    assert what.startswith("p95 < 0.1 ms   measured ")


def test_a_recording_says_the_same(shipped: Shipment, tmp_path: Path) -> None:
    one_event_missing(shipped)
    path = str(tmp_path / "recording.jsonl")
    code, report = shipped.verify("--record", path)
    shipped.clean()
    again, replayed = shipped.replay(path)
    assert (again, code) == (1, 1)
    assert _said(replayed) == _said(report)


def _said(report: Any) -> list[tuple[str, str]]:
    return [(each["check"], each["what"]) for each in report["findings"]]
