"""What is emulated, what a server simulates and what it really does are one and the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.conformance import RECORDINGS
from tests.conformance.mapping import Put, read_puts
from tests.live.proxy import proxied
from tests.live.shipping import Shipment, call, sample_events, shipment
from toolkit.connectors.elasticsearch import ElasticsearchAccess, LiveElasticsearch
from toolkit.elasticsearch.documents import DynamicIndex
from toolkit.evidence.elasticsearch.es_simulate import SimulatedDocuments
from toolkit.model.queries import Answer

MAPPINGS: tuple[dict[str, Any], ...] = (
    {"type": "long"},
    {"type": "short"},
    {"type": "short", "ignore_malformed": True},
    {"type": "short", "coerce": False},
    {"type": "float"},
    {"type": "float", "ignore_malformed": True},
    {"type": "double"},
    {"type": "boolean"},
    {"type": "keyword"},
    {"type": "keyword", "ignore_above": 10},
    {"type": "text"},
    {"type": "date"},
    {"type": "date", "ignore_malformed": True},
    {"type": "date", "format": "yyyy-MM-dd HH:mm:ss"},
    {"type": "ip"},
    {"type": "object"},
    {"type": "object", "enabled": False},
    {},
)
"""Definitions of a field; the last is that of a field the template does not have."""
VALUES: tuple[Any, ...] = (
    12, 12.5, -1, 0, 99_999, 10**9, 2**63, 1e39, "12", "12.5", "12ms", "", " ", "true", True,
    False, None, [1, 2], [1, "x"], {"a": 1}, {}, [], "2026-01-10T00:45:12Z",
    "2026-01-10 00:45:12", 1_768_005_000_000, "127.0.0.1", "::1", "more than ten letters",
)  # fmt: skip

OTHERWISE = {
    "ip_ignore-085": "an address whose zone makes an index stumble is ignored by the simulation",
    "date-080": "the number is spelled anew, 1.7680059125E9, before it is simulated",
    "date_multi-080": "the same",
    "date_epoch_s-080": "the same",
}
"""Recorded values that a simulation says something else of, and why."""

Became = tuple[str, ...]
"""``rejected`` with the type of the error, or ``indexed`` with the fields that are ignored."""


def documents(start: int) -> list[dict[str, Any]]:
    """Each value in a field of its own, so that none teaches the index about another."""
    return [{f"f{start}v{number}": value} for number, value in enumerate(VALUES)]


def properties(start: int, definition: dict[str, Any]) -> dict[str, Any]:
    names = (name for each in documents(start) for name in each)
    return dict.fromkeys(names, definition) if definition else {}


def emulated(mapped: dict[str, Any], some: Sequence[dict[str, Any]]) -> Iterator[Became]:
    for each in some:
        found = DynamicIndex({"properties": mapped}).index(each)
        yield (found.result, found.error) if found.error else (found.result, *found.ignored)


def simulated(url: str, mapped: dict[str, Any], some: Sequence[Any]) -> Iterator[Became]:
    """By the connector, as `toolkit verify --live` asks."""
    template = {"index_patterns": ["simulated"], "template": {"mappings": {"properties": mapped}}}
    texts = tuple(map(json.dumps, some))
    query = SimulatedDocuments("values", "simulated", json.dumps(template), texts)
    answer = LiveElasticsearch(ElasticsearchAccess(url, timeout=60)).answer([query])[query]
    assert isinstance(answer, Answer), answer
    for document in json.loads(answer.evidence.documents):
        ignored = sorted(each["field"] for each in document.get("ignored_fields", ()))
        error = document.get("error")
        yield ("rejected", error["type"]) if error else ("indexed", *ignored)


@pytest.fixture
def index(every_server: str) -> Iterator[tuple[str, str]]:
    name = f"live-{uuid4().hex[:10]}"
    yield every_server, name
    call(every_server, "DELETE", f"/{name}")


def indexed(url: str, name: str, some: Sequence[dict[str, Any]]) -> Iterator[Became]:
    """What an index really makes of documents."""
    lines = (
        f'{{"create": {{"_id": "{number}"}}}}\n{json.dumps(each)}\n'
        for number, each in enumerate(some)
    )
    answer = call(url, "POST", f"/{name}/_bulk?refresh=true", "".join(lines))
    hits = call(url, "POST", f"/{name}/_search", {"size": len(some), "_source": False})
    ignored = {hit["_id"]: sorted(hit.get("_ignored", ())) for hit in hits["hits"]["hits"]}
    for each in answer["items"]:
        error = each["create"].get("error")
        yield (
            ("rejected", error["type"]) if error else ("indexed", *ignored[each["create"]["_id"]])
        )


def test_emulation_simulation_and_the_index_agree(index: tuple[str, str]) -> None:
    url, name = index
    groups = [(properties(n, each), documents(n)) for n, each in enumerate(MAPPINGS)]
    mapped = {field: each for properties, _ in groups for field, each in properties.items()}
    body = {"mappings": {"properties": mapped}}
    assert call(url, "PUT", f"/{name}", body).get("acknowledged")
    real = list(indexed(url, name, [each for _, some in groups for each in some]))
    here = [each for group in groups for each in emulated(*group)]
    there = [each for group in groups for each in simulated(url, *group)]
    assert {each[0] for each in real} == {"indexed", "rejected"}
    assert any(len(each) > 1 and each[0] == "indexed" for each in real)
    assert there == real
    # The emulation has the errors of 9.2; the recordings hold it to them.
    assert [result_of(each) for each in here] == [result_of(each) for each in real]


def result_of(became: Became) -> Became:
    return became[:1] if became[0] == "rejected" else became


@pytest.mark.parametrize(
    "path", sorted(RECORDINGS.glob("elasticsearch/*.jsonl")), ids=lambda path: path.stem
)
def test_a_simulation_says_what_was_recorded(server: str, path: Path) -> None:
    by_mapping: dict[str, list[Put]] = {}
    for put in read_puts(path):
        by_mapping.setdefault(json.dumps(put.record["mapping"]), []).append(put)
    differing = []
    for text, puts in by_mapping.items():
        mapped = {} if text == "null" else {"f": json.loads(text)}
        found = simulated(server, mapped, [{"f": put.record["value"]} for put in puts])
        differing += [
            put.id for put, became in zip(puts, found, strict=True) if became != recorded(put)
        ]
    assert differing == [each for each in differing if each in OTHERWISE]


def recorded(put: Put) -> Became:
    error = put.record.get("error")
    return (
        ("rejected", error["type"])
        if error
        else ("indexed", *sorted(put.record.get("ignored", ())))
    )


@pytest.fixture
def shipped(every_server: str, tmp_path: Path) -> Iterator[Shipment]:
    with shipment(every_server, tmp_path / "project") as found:
        yield found


def spoil(shipped: Shipment, **definition: Any) -> None:
    """Give the repository's template, not that of the server, another type of the latency."""
    template = shipped.template()
    template["template"]["mappings"]["properties"]["latency_ms"] = definition
    path = shipped.folder / "pipelines/elasticsearch/template.json"
    path.write_text(json.dumps(template, indent=2), "utf-8")


def said(shipped: Shipment, check: str) -> dict[str, list[str]]:
    """What a check says, by the source of its evidence."""
    _, report = shipped.verify("--only", check)
    found: dict[str, list[str]] = {}
    for each in report["judgements"]:
        source = each["step"].rpartition(", ")[2].rstrip("]")
        found[source] = [finding["what"] for finding in each["findings"]]
    return found


def test_the_same_check_says_the_same_in_the_same_words(shipped: Shipment) -> None:
    shipped.install()
    shipped.index(sample_events())
    spoil(shipped, type="ip")
    found = said(shipped, "elasticsearch/would-reject")
    assert found["live"] == []
    assert found["simulated"] == found["samples"] != []
    assert found["samples"][0].startswith(
        "the event is refused: failed to parse field [latency_ms] of type [ip]: "
    )


def test_what_would_be_ignored_is_said_too(shipped: Shipment) -> None:
    shipped.install()
    spoil(shipped, type="byte", ignore_malformed=True)
    found = said(shipped, "elasticsearch/ignored-fields")
    assert found["simulated"] == found["samples"] != []


def test_an_installed_template_of_a_higher_priority_does_not_answer_instead(
    shipped: Shipment,
) -> None:
    other = shipped.template()
    other["priority"] = 10_000
    other["template"]["mappings"]["properties"]["latency_ms"] = {"type": "byte"}
    shipped.install(other)
    assert said(shipped, "elasticsearch/would-reject")["simulated"] == []


def test_nothing_is_written(shipped: Shipment) -> None:
    with proxied(shipped.url, lambda number, path: "") as proxy:
        code, _ = shipped.verify("--only", "*/would-reject", "--elasticsearch", proxy.url)
    assert code == 3  # there is no index, and none was made
    asked = [(method, path.partition("?")[0]) for method, path, _ in proxy.requests]
    assert asked == [("GET", f"/{shipped.name}-*"), ("POST", "/_ingest/_simulate")]
    assert call(shipped.url, "GET", f"/{shipped.name}-*") == {}
    assert call(shipped.url, "GET", "/_index_template/toolkit")["status"] == 404


def test_a_number_that_a_server_spells_anew_is_not_held_against_a_date(
    shipped: Shipment,
) -> None:
    template = shipped.template()
    template["template"]["mappings"]["properties"]["seconds"] = {"type": "date"}
    path = shipped.folder / "pipelines/elasticsearch/template.json"
    path.write_text(json.dumps(template), "utf-8")
    conf = shipped.folder / "pipelines/logstash/zzz.conf"
    conf.write_text("""filter {
      mutate { add_field => { "seconds" => "1768005912.5" } }
      mutate { convert => { "seconds" => "float" } }
    }""")
    _, report = shipped.verify("--only", "*/would-reject")
    found = {each["step"].rpartition(", ")[2]: each for each in report["judgements"]}
    assert found["samples]"]["verdict"] == "pass"
    assert (found["simulated]"]["verdict"], found["simulated]"]["findings"]) == ("unproven", [])


def test_a_type_the_server_lacks_proves_nothing(shipped: Shipment) -> None:
    spoil(shipped, type="scaled_float", scaling_factor=100)
    code, report = shipped.verify("--only", "*/would-reject")
    (found,) = [each for each in report["judgements"] if "simulated" in each["step"]]
    assert (code, found["verdict"]) == (3, "unproven")
    assert found["unproven"][0]["what"] == (
        "this Elasticsearch lacks a field type of the template"
    )
