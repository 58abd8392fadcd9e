"""What the case files cannot show of evidence: what a scrape costs, where files are found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.observed import CaseFiles, CaseService
from toolkit.contract import parse_contract
from toolkit.errors import InputError
from toolkit.evidence.elasticsearch.figures import figures
from toolkit.evidence.elasticsearch.measures import Figures
from toolkit.evidence.files import File, decode
from toolkit.evidence.logs.events import Events, events, lookup
from toolkit.evidence.logs.lines import Line
from toolkit.evidence.logs.pipelines import Compiled, pipeline
from toolkit.evidence.metrics.expositions import Expositions
from toolkit.evidence.service.hostile import FORGED_STATUS, hostile_requests
from toolkit.model.contract import Scope
from toolkit.model.queries import Answer, Query
from toolkit.prometheus.exposition import Exposition, parse_exposition
from toolkit.verification import gather


def scrape(ok: int, errors: int) -> Exposition:
    text = f'# TYPE n counter\nn_total{{code="200"}} {ok}\nn_total{{code="500"}} {errors}\n'
    return parse_exposition(text, source="/metrics")


@pytest.mark.parametrize(
    ("first", "before", "after", "between", "grown"),
    [
        (scrape(0, 0), scrape(0, 0), scrape(10, 2), 2, 12),
        (scrape(0, 0), scrape(1, 0), scrape(13, 2), 2, 12),
        (scrape(5, 1), scrape(6, 1), scrape(16, 1), 0, 10),
        (scrape(0, 0), scrape(2, 0), scrape(16, 0), 2, 10),
    ],
    ids=["scrapes are not counted", "scrapes are counted", "none between", "each costs two"],
)
def test_what_scrapes_add_is_taken_out(
    first: Exposition, before: Exposition, after: Exposition, between: int, grown: float
) -> None:
    found = Expositions(first, before, after, between, "/metrics")
    assert found.grown(lambda series: True) == grown


def test_only_the_series_wanted_are_summed() -> None:
    found = Expositions(scrape(1, 1), scrape(1, 1), scrape(9, 3), 0, "/metrics")
    assert found.grown(lambda series: series.labels["code"] == "500") == 2


def answer(query: Query[Any], blocks: Mapping[str, str]) -> Answer[Any]:
    def bug(what: str, error: Exception) -> Any:
        raise error

    found = gather([query], [CaseFiles(blocks), CaseService(blocks)], lambda system: None, bug)
    got = found[query]
    assert isinstance(got, Answer), got
    return got


def scope(contract: str) -> Scope:
    return Scope(parse_contract(contract, source="toolkit.yml"))


GROK = """\
filter {
  grok { match => { "message" => "status=%{INT:status:int} ms=%{NUMBER:ms:float}" } }
}
"""
FIELDS = "{status: {type: short, role: status}, ms: {type: float, role: latency, unit: %s}}"


def figures_of(log: str, unit: str = "ms") -> Figures:
    here = scope(f"logs: [{{samples: app.log, pipeline: app.conf, fields: {FIELDS % unit}}}]")
    query = figures(here.contract.logs[0], here)["samples"]
    found = answer(query, {"app.log": log, "app.conf": GROK})
    assert found.sampled == found.evidence.requests
    evidence: Figures = found.evidence
    return evidence


def test_figures_of_a_log() -> None:
    log = "".join(f"status={200 if n < 96 else 503} ms={n}\n" for n in range(1, 101))
    found = figures_of(log + "status=404 ms=1000\nnonsense\n")
    assert (found.requests, found.errors, found.failures) == (101, 5, 1)
    assert found.by_class == {"2xx": 95, "4xx": 1, "5xx": 5}
    assert found.p50 == pytest.approx(0.051)
    assert found.p95 == pytest.approx(0.096)
    assert found.p99 == pytest.approx(0.1)
    assert found.mean == pytest.approx((5050 + 1000) / 101 / 1000)


@pytest.mark.parametrize(
    ("unit", "seconds"), [("s", 2.0), ("ms", 2e-3), ("us", 2e-6), ("ns", 2e-9)]
)
def test_latencies_have_the_unit_of_the_contract(unit: str, seconds: float) -> None:
    assert figures_of("status=200 ms=2\n", unit).mean == pytest.approx(seconds)


def test_a_log_without_requests_has_no_mean() -> None:
    found = figures_of("nonsense\n")
    assert (found.requests, found.mean, found.p99) == (0, None, None)


PATTERNS = {
    "beside the configuration": ("conf/app.conf", "conf/patterns/shop", "./patterns"),
    "beside its folder": ("logstash/conf.d/app.conf", "logstash/patterns/shop", "../patterns"),
    "at the path of another machine": (
        "conf.d/app.conf",
        "conf.d/patterns/shop",
        "/usr/share/logstash/patterns",
    ),
    "a glob": ("conf/app.conf", "conf/patterns/shop", "/etc/logstash/patterns/*"),
    "at the root": ("app.conf", "patterns/shop", "/etc/logstash/patterns"),
}


@pytest.mark.parametrize(("conf", "file", "named"), PATTERNS.values(), ids=PATTERNS)
def test_files_a_configuration_names_are_found_around_it(conf: str, file: str, named: str) -> None:
    here = scope(f"logs: [{{samples: a.log, pipeline: {conf}}}]")
    query = pipeline(here.contract.logs[0], here)
    assert query is not None
    grok = f'grok {{ patterns_dir => "{named}" match => {{ "message" => "%{{SHOP}}" }} }}'
    others = {"other/patterns/shop": "SHOP [\n", "conf/x/patterns/shop": "SHOP [\n"}
    found = answer(query, {conf: f"filter {{ {grok} }}", file: "SHOP \\d+\n", **others})
    assert isinstance(found.evidence, Compiled)
    assert found.evidence.faults == ()


def events_of(contract: str, **blocks: str) -> Events:
    here = scope(contract)
    query = events(here.contract.logs[0], here)["samples"]
    found = answer(query, {name.replace("_", "."): text for name, text in blocks.items()})
    evidence: Events = found.evidence
    return evidence


def test_the_contract_adds_to_each_event_and_gives_the_environment() -> None:
    contract = (
        "logs: [{samples: app.log, pipeline: app.conf, event: {fields: {type: nginx}},"
        " environment: {STAGE: test}}]"
    )
    conf = (
        'filter { if [fields][type] == "nginx" { mutate { add_field => { "s" => "${STAGE}" } } } }'
    )
    (event,) = events_of(contract, app_log="a\n", app_conf=conf)
    assert (event["s"], event["fields"], event["message"]) == ("test", {"type": "nginx"}, "a")


def test_events_do_not_share_what_is_added_to_them() -> None:
    contract = "logs: [{samples: app.log, pipeline: app.conf, event: {a: {b: 0}}}]"
    conf = 'filter { mutate { replace => { "[a][b]" => "%{message}" } } }'
    found = events_of(contract, app_log="x\ny\n", app_conf=conf)
    assert [event["a"]["b"] for event in found] == ["x", "y"]


def test_what_is_behind_a_crash_is_not_known() -> None:
    contract = "logs: [{samples: app.log, pipeline: app.conf}]"
    conf = 'filter { json { source => "message" } truncate { fields => ["r"] length_bytes => 9 } }'
    lines = ['{"r": "a"}'] * 130 + ['{"r": {"b": 1}}', '{"r": "c"}']
    found = events_of(contract, app_log="\n".join(lines) + "\n", app_conf=conf)
    assert (len(found.records), found.unknown) == (125, 7)
    assert found.crash is not None
    (mark,) = (mark for mark in found.crash.marks if mark.label == "line")
    assert str(mark.where) == "app.log:131:1"


def test_fields_of_events() -> None:
    contract = "logs: [{samples: app.log, pipeline: app.conf}]"
    log = '{"a": {"b": [1], "c.d": 2}}\n{"e": null}\n'
    found = events_of(contract, app_log=log, app_conf='filter { json { source => "message" } }')
    assert set(found.fields()) >= {"a.b", "a.c.d", "e", "message", "@timestamp"}


@pytest.mark.parametrize(
    ("event", "field", "values"),
    [
        ({"a": {"b": {"c": 1}}}, "a.b.c", (1,)),
        ({"a.b": {"c": 1}}, "a.b.c", (1,)),
        ({"a": {"b.c": 1}}, "a.b.c", (1,)),
        ({"a.b.c": 1}, "a.b.c", (1,)),
        ({"a": 1}, "a.b", ()),
        ({"a": {"b": None}}, "a.b", ()),
        ({"a": [[1, [2]], None]}, "a", (1, 2)),
        ({"a": {"b": 0}}, "a.b", (0,)),
        ({"a": {"b": False}}, "a.b", (False,)),
    ],
)
def test_a_dotted_field_is_found_however_it_is_nested(
    event: Mapping[str, Any], field: str, values: tuple[Any, ...]
) -> None:
    assert lookup(event, field) == values


@pytest.mark.parametrize(
    ("text", "value", "name", "column"),
    [
        ("ms=1.5 status=200", 200, "status", 15),
        ("200 status=200", 200, "status", 12),
        ('{"ms": 7, "status": 7}', 7, "http.status", 21),
        ("2026-01-10 status=1", "1", "status", 19),
        ("took 1.5 of 11.5", 1.5, "ms", 6),
        ("a=200 b=200", 200, "c", 1),
        ("nothing", 200, "status", 1),
        ("line\n  status=200", 200, "status", 10),
        ("share=-0.5", -0.5, "share", 7),
        ("empty=", "", "empty", 1),
    ],
)
def test_a_value_is_shown_where_it_is_plain(
    text: str, value: object, name: str, column: int
) -> None:
    where = Line("app.log", 5, text).find(value, name)
    assert where.column == column
    assert where.line == (6 if "\n" in text else 5)


@given(st.text(alphabet="a1.= \n\"':", max_size=12), st.text(alphabet="a1.", max_size=3))
def test_a_value_that_is_shown_is_there(text: str, value: str) -> None:
    where = Line("app.log", 1, text).find(value, "a")
    at = (where.column or 1) - 1
    shown = where.excerpt[at : at + where.width]
    assert shown in (value, where.excerpt)


def test_hostile_requests_are_told_apart_and_all_carry_their_marker() -> None:
    found = list(hostile_requests("run"))
    assert len({each.marker for each in found}) == len({each.name for each in found}) == len(found)
    for each in found:
        assert each.raw.count(each.marker.encode()) == 1
        assert each.raw.endswith(b"\r\n\r\n")
        assert each.hostile


def test_the_forged_status_is_one_that_nobody_answers() -> None:
    forging = [each for each in hostile_requests("x") if str(FORGED_STATUS).encode() in each.raw]
    assert len(forging) > 10


def test_a_file_that_is_no_utf_8_is_named_with_its_line() -> None:
    with pytest.raises(InputError) as raised:
        decode(File("app.conf", b"a\nb\xff\n"), "a configuration")
    assert str(raised.value.finding.where) == "app.conf:2:2"
    assert decode(File("a", b"\xef\xbb\xbfx"), "a file") == "x"


def test_no_word_of_this_machine_is_in_a_message() -> None:
    """Sample lines and configurations are named as the contract names them."""
    contract = "logs: [{samples: app.log, pipeline: app.conf}]"
    found = events_of(contract, app_log="a\n", app_conf="filter { }")
    assert not re.search(r"/tmp|/home|/root", repr(found.records))
    assert Path(found.records[0].line.source) == Path("app.log")
