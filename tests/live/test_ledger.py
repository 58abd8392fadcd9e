"""The ledger against a real server: each way of losing a line is planted, and named."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live.proxy import Fault, proxied
from tests.live.shipping import Shipment, call, sample_events, shipment
from toolkit.connectors.elasticsearch import ElasticsearchAccess
from toolkit.connectors.elasticsearch.ledger import LiveLedger
from toolkit.evidence.delivery.entries import LedgerEntry
from toolkit.evidence.delivery.ledger import Ledger
from toolkit.evidence.logs.lines import Line
from toolkit.model.queries import QueryFailure

LINES = 150
TARGET = "targets: {{elasticsearch: {{url: '{}', writable: {}}}}}\n"


@pytest.fixture
def shipped(server: str, tmp_path: Path) -> Iterator[Shipment]:
    with shipment(server, tmp_path / "project") as found:
        declare(found)
        found.install()
        yield found


def declare(shipped: Shipment, url: str = "", *, writable: str = "true") -> None:
    """Let the contract promise a ledger, and call the server writable.

    What was sent is there when it is looked for: the time is for what never comes.
    """
    text = shipped.contract.read_text("utf-8").partition("    ledger:")[0]
    ledger = f"    ledger: {{lines: {LINES}, within: 2}}\n"
    target = TARGET.format(url or shipped.url, writable)
    shipped.contract.write_text(text + ledger + target, "utf-8")


def keep(shipped: Shipment, url: str = "") -> tuple[int, Any]:
    """Verify with the ledger alone: the exit code, and the report."""
    options = ("--only", "logs/ledger", "--allow-writes", "--elasticsearch", url or shipped.url)
    return shipped.verify(*options)


def account(report: Any) -> str:
    """The account as the report's only judgement tells it."""
    (judgement,) = report["judgements"]
    told: str = judgement["looked_at"]["origin"]
    return told.partition(": ")[2].rpartition(", after ")[0]


def held(shipped: Shipment) -> list[Any]:
    """All documents of the indices of this shipment."""
    call(shipped.url, "POST", f"/{shipped.name}-*/_refresh")
    found = call(shipped.url, "POST", f"/{shipped.name}-*/_search", {"size": 10_000})
    return sorted(found["hits"]["hits"], key=lambda hit: str(hit["_id"]))


ALL = f"sent {LINES} = indexed {LINES} + rejected 0 + ignored 0 + missing 0; duplicates 0"


def test_every_line_arrives_on_every_version(every_server: str, tmp_path: Path) -> None:
    with shipment(every_server, tmp_path / "project") as shipped:
        declare(shipped)
        shipped.install()
        code, report = keep(shipped)
        assert (code, account(report), report["findings"]) == (0, ALL, [])
        assert held(shipped) == []


def test_foreign_documents_stay_and_are_judged_without_those_of_the_ledger(
    shipped: Shipment,
) -> None:
    shipped.index(sample_events())
    before = held(shipped)
    code, report = shipped.verify("--allow-writes")
    assert (code, report["findings"]) == (0, [])
    assert any(each["check"] == "logs/ledger" for each in report["judgements"])
    assert held(shipped) == before


FORBIDDEN: dict[str, tuple[str, tuple[str, ...], str]] = {
    "without the flag": ("true", (), "run `toolkit verify --live --allow-writes`"),
    "a target that is not writable": ("false", ("--allow-writes",), "add `writable: true` to it"),
}


@pytest.mark.parametrize(("writable", "options", "fix"), FORBIDDEN.values(), ids=FORBIDDEN)
def test_nothing_is_written_unless_all_allow_it(
    shipped: Shipment, writable: str, options: tuple[str, ...], fix: str
) -> None:
    with proxied(shipped.url, lambda number, path: "") as proxy:
        declare(shipped, proxy.url, writable=writable)
        code, report = shipped.verify("--elasticsearch", proxy.url, *options)
    told = [each for each in report["judgements"] if each["check"] == "logs/ledger"]
    assert code == 3
    assert told[0]["unproven"][0]["fix"].startswith(fix)
    assert not [path for _, path, _ in proxy.requests if "_bulk" in path]


def test_a_server_that_the_call_names_is_not_writable_for_that(shipped: Shipment) -> None:
    with proxied(shipped.url, lambda number, path: "") as proxy:
        code, _ = keep(shipped, proxy.url)
    assert code == 3
    assert not [path for _, path, _ in proxy.requests if "_bulk" in path]


def path_as_number(shipped: Shipment) -> None:
    """Install a template under which no path can be indexed."""
    template = shipped.template()
    template["template"]["mappings"]["properties"]["url"]["properties"]["path"] = {"type": "long"}
    shipped.install(template)


def test_what_the_index_refuses_is_told_by_its_reason(shipped: Shipment) -> None:
    path_as_number(shipped)
    code, report = keep(shipped)
    assert code == 1
    (finding,) = report["findings"]
    assert " lines are rejected: sent 150 = indexed " in finding["what"]
    assert "failed to parse field [url.path] of type [long]" in finding["why"]
    assert finding["fix"].startswith("change `url.path` in the pipeline")
    assert held(shipped) == []


def test_a_strict_mapping_refuses_with_one_finding_for_each_reason(shipped: Shipment) -> None:
    template = shipped.template()
    properties = template["template"]["mappings"]["properties"]
    del properties["latency_ms"], properties["process"]
    template["template"]["mappings"] |= {"dynamic": "strict", "dynamic_templates": []}
    shipped.install(template)
    code, report = keep(shipped)
    assert code == 1
    assert "missing 0; duplicates 0" in account(report)
    said = [each["why"] for each in report["findings"]]
    assert len(said) == 2
    assert all("strict" in why for why in said)
    assert held(shipped) == []


def test_what_the_index_ignores_is_told_by_its_field(shipped: Shipment) -> None:
    template = shipped.template()
    http = template["template"]["mappings"]["properties"]["http"]["properties"]
    http["request"]["properties"]["method"]["ignore_above"] = 3
    shipped.install(template)
    code, report = keep(shipped)
    assert code == 1
    (finding,) = report["findings"]
    assert " lines lose `http.request.method`: sent 150 = indexed " in finding["what"]
    assert "rejected 0" in finding["what"]
    assert "missing 0" in finding["what"]
    assert held(shipped) == []


def test_a_document_that_is_removed_by_somebody_is_missing(shipped: Shipment) -> None:
    taken: list[str] = []

    def take(number: int, path: str) -> Fault:
        if "_search" in path and not taken and (found := held(shipped)):
            taken.append(found[0]["_id"])
            call(shipped.url, "DELETE", f"/{found[0]['_index']}/_doc/{found[0]['_id']}")
        return ""

    with proxied(shipped.url, take) as proxy:
        declare(shipped, proxy.url)
        code, report = keep(shipped, proxy.url)
    assert code == 1
    assert "indexed 149 + rejected 0 + ignored 0 + missing 1" in account(report)
    assert report["findings"][0]["what"].startswith("a line is missing: ")
    assert held(shipped) == []


FAULTS: dict[str, Callable[[int, str], Fault]] = {
    "too busy": lambda number, path: "busy" if number % 3 == 2 else "",
    "connections that are reset": lambda number, path: "reset" if number % 3 == 2 else "",
    "answers that are lost": lambda number, path: "lost" if "_bulk" in path and number < 6 else "",
    "answers that are cut": lambda number, path: "cut" if number % 3 == 2 else "",
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_on_the_way_neither_loses_nor_doubles(
    shipped: Shipment, fault: Callable[[int, str], Fault]
) -> None:
    with proxied(shipped.url, fault) as proxy:
        declare(shipped, proxy.url)
        code, report = keep(shipped, proxy.url)
    assert any(kind for _, _, kind in proxy.requests)
    assert (code, account(report)) == (0, ALL)
    assert held(shipped) == []


def entries(index: str, count: int) -> tuple[LedgerEntry, ...]:
    event = json.dumps({"@timestamp": "2026-01-10T00:00:00.000Z", "message": "x"})
    return tuple(
        LedgerEntry(f"{n:032x}", Line("app.log", n, "x"), event, index) for n in range(count)
    )


def test_a_run_that_is_broken_off_removes_what_it_has_sent(shipped: Shipment) -> None:
    seen: list[int] = []

    def end(number: int, path: str) -> Fault:
        if "_search" in path and (found := len(held(shipped))):
            seen.append(found)
            ledger.close()
        return ""

    with proxied(shipped.url, end) as proxy:
        ledger = LiveLedger(ElasticsearchAccess(proxy.url), shipped.folder)
        query = Ledger("requests", f"{shipped.name}-*", entries(f"{shipped.name}-x", 20), 5)
        answer = ledger.answer([query])[query]
    assert isinstance(answer, QueryFailure)
    assert [each.what for each in answer.findings] == ["the ledger was broken off"]
    assert seen[0] == 20
    assert held(shipped) == []


def test_what_a_run_that_was_killed_has_left_falsifies_nothing(shipped: Shipment) -> None:
    shipped.index(sample_events())
    before, left = held(shipped), list[Any]()

    def copy(number: int, path: str) -> Fault:
        if "_search" in path and not left:
            left.extend(hit for hit in held(shipped) if hit not in before)
        return ""

    with proxied(shipped.url, copy) as proxy:
        declare(shipped, proxy.url)
        keep(shipped, proxy.url)
    assert len(left) == LINES
    declare(shipped)
    restore(shipped, left)
    code, report = shipped.verify()
    assert (code, report["findings"]) == (3, [])
    assert len(held(shipped)) == len(before) + LINES
    code, report = keep(shipped)
    assert (code, account(report)) == (0, ALL)
    assert held(shipped) == before


def restore(shipped: Shipment, documents: list[Any]) -> None:
    """Index documents again, under their ids."""
    for hit in documents:
        call(shipped.url, "PUT", f"/{hit['_index']}/_doc/{hit['_id']}", hit["_source"])


def test_a_recording_says_the_same(shipped: Shipment, tmp_path: Path) -> None:
    path_as_number(shipped)
    path = str(tmp_path / "recording.jsonl")
    code, report = shipped.verify("--allow-writes", "--record", path)
    again, replayed = shipped.replay(path)
    assert code == again == 1
    told, retold = (
        [each["what"] for each in found["findings"] if each["check"] == "logs/ledger"]
        for found in (report, replayed)
    )
    assert told == retold != []


def test_a_server_that_is_not_there(shipped: Shipment) -> None:
    declare(shipped, "http://127.0.0.1:9")
    code, report = keep(shipped, "http://127.0.0.1:9")
    assert code == 3
    (judgement,) = report["judgements"]
    assert judgement["unproven"][0]["what"].endswith("does not answer")
