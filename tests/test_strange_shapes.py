"""Whatever JSON stands in a file, the toolkit says so: it has no bug there.

Each file that ships is changed at random places into arbitrary values, and judged by every
check that reads it. ``STRANGE_SHAPES=1000`` tries so many of each.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import deepcopy
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, NoReturn

import pytest
import yaml

from tests.observed import CaseFiles
from toolkit.checks import checks_for
from toolkit.contract import parse_contract
from toolkit.errors import ContractError
from toolkit.model.contract import Scope
from toolkit.reports import text
from toolkit.verification import verify

ROOT = Path(__file__).parents[1]
STORED = Path(__file__).with_name("strange")
NUMBER = int(os.environ.get("STRANGE_SHAPES", "12"))

LINES = """\
2026-01-10 00:45:12 INFO ok method=GET path=/ status=200 latency_ms=3.2
2026-01-10 00:45:13 INFO ok method=GET path=/x status=404 latency_ms=0.1
"""
CONF = """\
filter {
  dissect {
    mapping => { "message" => "%{day} %{time} %{[log][level]} %{text} method=%{m} %{rest}" }
  }
  kv { source => "rest" target => "kv" }
  mutate {
    add_field => { "latency_ms" => "%{[kv][latency_ms]}" }
    convert => { "latency_ms" => "float" }
  }
}
"""
LOGS = """\
  - name: requests
    samples: app.log
    pipeline: app.conf
    index: sre-pleno-app-*
    template: template.json
    fields: {latency_ms: {type: float, role: latency}, log.level: keyword}
"""
EXPOSITION = """\
# TYPE http_requests_total counter
http_requests_total{method="GET",route="/",status="200"} 3
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{route="/",le="0.1"} 1
http_request_duration_seconds_bucket{route="/",le="+Inf"} 1
http_request_duration_seconds_sum{route="/"} 0.1
http_request_duration_seconds_count{route="/"} 1
"""

STRANGE: tuple[Any, ...] = (
    None, True, False, 0, -1, 7, 1e308, 0.5, -(10**30), "", "x", "true", "7", ".5", "%{[a]}", "{",
    "[]", "${X}", "*", "a.b", "\ud800", "é\x00", "*" * 50, [], {}, [[]], [None], {"": {}}, ["x"],
    {"x": "y"}, {"a.b": 1}, {"type": {"type": "keyword"}}, {"x": [{"y": [{}]}]},
)  # fmt: skip


def shipped(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from paths(each, (*path, key))


def changed(random: Random, value: Any) -> Any:
    """The same value with some other parts in it."""
    value = [deepcopy(value)]
    for _ in range(random.choice((1, 1, 1, 2, 5))):
        *above, key = random.choice([path for path in paths(value) if path])
        held = value
        for part in above:
            held = held[part]
        strange = deepcopy(random.choice(STRANGE))
        match random.randrange(5):
            case 0:
                del held[key]
            case 1:
                held[key] = [held[key], strange]
            case 2:
                held[key] = {"x": held[key]}
            case _:
                held[key] = strange
        value = value or [strange]
    return value[0]


def within(value: Any, parsed: bool) -> Any:
    """The value with the JSON that stands in its texts opened, or closed again."""
    if isinstance(value, str) and parsed and value[:1] in ("{", "["):
        try:
            return {"json in a text": within(json.loads(value), parsed)}
        except ValueError:
            return value
    if isinstance(value, dict):
        found = {key: within(each, parsed) for key, each in value.items()}
        whole = not parsed and set(found) == {"json in a text"}
        return json.dumps(found["json in a text"]) if whole else found
    return [within(each, parsed) for each in value] if isinstance(value, list) else value


def as_lines(value: Any) -> str:
    closed = within(value, False)
    return "\n".join(map(json.dumps, closed)) if isinstance(closed, list) else json.dumps(closed)


def objects() -> list[Any]:
    files = sorted((ROOT / "k8s").rglob("*.yaml"))
    documents = (yaml.safe_load_all(file.read_text("utf-8")) for file in files)
    return [each for held in documents for each in held if each and "kind" in each]


def as_documents(value: Any) -> str:
    return "\n---\n".join(map(json.dumps, value)) if isinstance(value, list) else json.dumps(value)


TEMPLATE = json.loads(shipped("pipelines/elasticsearch/template.json"))
KIBANA = [
    json.loads(line) for line in shipped("pipelines/kibana/sre-pleno-app.ndjson").splitlines()
]
RULES = shipped("pipelines/prometheus/rules.yml")
HERE = {"app.log": LINES, "app.conf": CONF, "template.json": json.dumps(TEMPLATE), "r.yml": RULES}

SCRAPES = """\
global: {scrape_interval: 15s, scrape_timeout: 10s}
rule_files: [r.yml]
scrape_configs:
- job_name: shop
  scheme: http
  metrics_path: /metrics
  sample_limit: 500
  static_configs: [{targets: ["shop:8000"], labels: {env: prod}}]
  kubernetes_sd_configs: [{role: pod, namespaces: {names: [web]}}]
  relabel_configs: [{source_labels: [__address__], regex: "(.*):.*", target_label: host}]
  metric_relabel_configs: [{source_labels: [__name__], regex: "go_.*", action: drop}]
"""

DEPLOYED = """\
kubernetes: {manifests: m.yaml, sources: "*", node: {memory: 6144Mi, cpu: 4}}
metrics: {exposition: e.prom, external: [kube-prometheus-stack]}
"""

KINDS: dict[str, tuple[str, str, Any, Callable[[Any], str]]] = {
    "an index template": (f"logs:\n{LOGS}", "template.json", TEMPLATE, json.dumps),
    "saved objects": (
        f"logs:\n{LOGS}kibana: {{saved_objects: o.ndjson}}\n",
        "o.ndjson",
        within(KIBANA, True),
        as_lines,
    ),
    "a dashboard": (
        "metrics: {exposition: e.prom, dashboards: d.json}\n",
        "d.json",
        json.loads(shipped("pipelines/grafana/golden-signals.json")),
        json.dumps,
    ),
    "rules": (
        "metrics: {exposition: e.prom, rules: r.yml}\n",
        "r.yml",
        yaml.safe_load(RULES),
        json.dumps,
    ),
    "a configuration of Prometheus": (
        "metrics: {exposition: e.prom, rules: r.yml}\n",
        "prometheus.yml",
        yaml.safe_load(SCRAPES),
        yaml.safe_dump,
    ),
    "a shipper": (
        f"logs:\n{LOGS}    shipper: filebeat.yml\n",
        "filebeat.yml",
        yaml.safe_load(shipped("pipelines/filebeat/filebeat.yml")),
        json.dumps,
    ),
    "manifests": (
        DEPLOYED,
        "m.yaml",
        objects(),
        as_documents,
    ),
}


def raise_bug(what: str, error: Exception) -> NoReturn:
    raise AssertionError(what) from error


@pytest.mark.parametrize("kind", KINDS)
def test_no_file_of_any_shape_is_a_bug(kind: str) -> None:
    stated, name, value, written = KINDS[kind]
    contract = parse_contract(stated, source="toolkit.yml")
    checks = checks_for(contract, lambda name: not name.startswith("kibana/drift"))
    random = Random(kind)
    for _ in range(NUMBER):
        held = written(changed(random, value))
        files = CaseFiles({**HERE, "e.prom": EXPOSITION, name: held})
        report = verify(
            Scope(contract), checks, [files], today=date(2026, 1, 10), on_bug=raise_bug
        )
        assert text.render(report), held


def test_no_contract_of_any_shape_is_a_bug() -> None:
    random = Random("contract")
    value = yaml.safe_load(shipped("toolkit.yml"))
    for _ in range(NUMBER * 4):
        held = json.dumps(changed(random, value))
        with suppress(ContractError):
            parse_contract(held, source="toolkit.yml")


@pytest.mark.parametrize("path", sorted(STORED.iterdir()), ids=lambda path: path.name)
def test_what_was_a_bug_once_is_an_error_with_a_place(path: Path) -> None:
    stated, name, _, _ = KINDS["rules" if "rules" in path.name else "an index template"]
    contract = parse_contract(stated, source="toolkit.yml")
    held = path.read_bytes().decode("utf-8", "surrogateescape")
    files = CaseFiles({**HERE, "e.prom": EXPOSITION, name: held})
    report = verify(
        Scope(contract), checks_for(contract), [files], today=date(2026, 1, 10), on_bug=raise_bug
    )
    where = [
        each.where
        for judgement in report.judgements
        for each in (*judgement.findings, *judgement.unproven)
        if each.where.source == name
    ]
    assert where
    assert all(each.line and each.column for each in where)
