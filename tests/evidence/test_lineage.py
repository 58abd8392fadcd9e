"""The graph of what reads what, on projects nobody prepared and on parts of contracts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from toolkit.connectors.files import FileSystem
from toolkit.contract import parse_contract
from toolkit.evidence.lineage import lineage
from toolkit.evidence.lineage.metrics import family_of
from toolkit.findings import Subject
from toolkit.model.contract import Scope
from toolkit.model.lineage import METRICS, Lineage, LineageNode
from toolkit.model.queries import Answer
from toolkit.verification import gather

FOREIGN = Path(__file__).parents[1] / "trees"


def lineage_of(contract: str, folder: Path) -> Lineage:
    def bug(what: str, error: Exception) -> None:
        raise AssertionError(what) from error

    scope = Scope(parse_contract(contract, source="toolkit.yml"), folder.as_posix())
    query = lineage(scope)
    answer = gather([query], [FileSystem(folder)], lambda system: None, bug)[query]  # type: ignore[arg-type]
    assert isinstance(answer, Answer)
    found: Lineage = answer.evidence
    return found


def one(found: Lineage, kind: str, name: str) -> LineageNode:
    [node] = [each for each in found.named(name) if each.kind == kind]
    return node


def said(nodes: tuple[LineageNode, ...], *kinds: str) -> list[str]:
    return [f"{node}" for node in nodes if node.kind in kinds]


NGINX = """\
logs:
  - name: access
    samples: logs/access.log
    pipeline: logstash/pipeline/nginx.conf
    template: elasticsearch/nginx-template.json
"""


def test_fields_come_from_captures_and_are_mapped() -> None:
    found = lineage_of(NGINX, FOREIGN / "nginx")
    status = one(found, "field", "status")
    assert said(found.above([status]), "capture") == ["capture `%{NUMBER:status}`"]
    assert said(found.below([status]), "mapping", "condition") == [
        "condition `[status] =~ /^5/`",
        "mapping `status`",
    ]
    assert str(status.where).endswith("nginx.conf:6:145")
    assert found.gaps == ()


def test_a_field_that_only_the_pipeline_has_leads_to_what_is_made_of_it(tmp_path: Path) -> None:
    """One that is taken out in one arm of a branch only may be sent all the same."""
    found = lineage_of(NGINX, FOREIGN / "nginx")
    assert "field `@timestamp`" in said(found.below([one(found, "field", "time")]), "field")
    (tmp_path / "a.conf").write_text(
        'filter { grok { match => { "message" => "%{WORD:[@metadata][t]} %{WORD:u}" } } '
        'date { match => ["[@metadata][t]", "ISO8601"] } mutate { remove_field => "u" } }',
        "utf-8",
    )
    found = lineage_of("logs: [{name: a, pipeline: a.conf}]\n", tmp_path)
    time = one(found, "event field", "@metadata.t")
    assert said(found.below([time]), "field")[0] == "field `@timestamp`"
    assert found.below([one(found, "event field", "u")]) == ()


def test_what_is_not_known_of_a_filter_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_text('filter { ruby { code => "event.set(name, 1)" } }', "utf-8")
    found = lineage_of("logs: [{name: a, pipeline: a.conf}]\n", tmp_path)
    assert [gap.finding.where.line for gap in found.gaps] == [1]


def test_ruby_code_that_names_its_fields_leaves_no_gap() -> None:
    contract = "logs:\n  - {name: orders, pipeline: 'logstash/conf.d/*.conf'}\n"
    found = lineage_of(contract, FOREIGN / "java")
    assert found.gaps == ()
    duration = one(found, "field", "duration_ms")
    assert said(found.above([duration]), "condition") == [
        "condition `[logger] =~ /\\.OrderService$/`"
    ]


def test_rules_without_an_exposition() -> None:
    contract = "metrics: {rules: 'alerts/*.yml', external: [node-exporter]}\n"
    found = lineage_of(contract, FOREIGN / "rules")
    errors = one(found, "alert", "CheckoutErrors")
    assert said(found.above([errors]), "metric") == [
        "metric `checkout_requests_total`",
        "metric `checkout:request:rate5m`",
    ]
    full = one(found, "alert", "NodeFull")
    assert "exporter `node-exporter`" in said(found.above([full]), "exporter")


@pytest.mark.parametrize(
    "contract",
    [
        "version: 1\n",
        "logs: [{name: a}]\n",
        "logs: [{name: a, fields: {x: keyword}}]\n",
        "metrics: {series: [{name: x_total}]}\n",
        "kibana: {saved_objects: k.ndjson}\n",
        "kubernetes: {manifests: m.yaml}\n",
        "service: {start: run, log: a.log, metrics: /metrics}\n",
        "logs: [{name: a}, {name: b}]\nservice: {start: run, log: '-'}\n",
    ],
)
def test_any_section_may_be_missing(contract: str, tmp_path: Path) -> None:
    """Or alone: what it names is not there, and that is a gap at the most."""
    found = lineage_of(contract, tmp_path)
    assert len(found.gaps) <= 1
    assert all(edge.source in found.nodes and edge.target in found.nodes for edge in found.edges)


def test_a_saved_scrape_says_what_is_exported(tmp_path: Path) -> None:
    (tmp_path / "m.prom").write_text("# TYPE took histogram\ntook_count 1\ntook_sum 2\n", "utf-8")
    rules = "groups: [{name: g, rules: [{alert: Slow, expr: 'took_sum > 1'}]}]\n"
    (tmp_path / "r.yml").write_text(rules, "utf-8")
    found = lineage_of("metrics: {exposition: m.prom, rules: r.yml}\n", tmp_path)
    slow = one(found, "alert", "Slow")
    metric, exposition = found.above([slow])
    assert str(metric) == "metric `took`"
    assert exposition.where.source.endswith("m.prom")


def test_two_kinds_of_lines_have_fields_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_text(
        'filter { grok { match => { "message" => "%{INT:n}" } } }', "utf-8"
    )
    contract = """\
logs:
  - {name: a, pipeline: a.conf, index: a-*}
  - {name: b, fields: {n: long}, index: b-*}
"""
    found = lineage_of(contract, tmp_path)
    own, other = (each for each in found.named("n") if each.kind == "field")
    assert said(found.above([own]), "lines", "capture") == ["capture `%{INT:n}`", "lines `a`"]
    assert said(found.above([other]), "lines", "capture") == ["lines `b`"]


def saved_search(title: str, view: str, *columns: str) -> str:
    """An export of a saved search, and of the data view with these attributes that it shows."""
    listed = json.dumps(columns)
    source = json.dumps({"searchSourceJSON": '{"indexRefName":"i"}'})
    return (
        f'{{"type":"index-pattern","id":"v","attributes":{view}}}\n'
        f'{{"type":"search","id":"s","attributes":{{"title":"{title}","columns":{listed},'
        f'"kibanaSavedObjectMeta":{source}}},'
        '"references":[{"name":"i","type":"index-pattern","id":"v"}]}\n'
    )


def test_a_pattern_of_names_reads_all_fields_that_fit(tmp_path: Path) -> None:
    exported = saved_search("All", '{"title":"a-*"}', "http.*")
    (tmp_path / "k.ndjson").write_text(exported, "utf-8")
    fields = "{http.a: keyword, http.b: keyword, url: keyword}"
    logs = f"logs: [{{name: a, index: 'a-*', fields: {fields}}}]\n"
    found = lineage_of(logs + "kibana: {saved_objects: k.ndjson}\n", tmp_path)
    read = said(found.above([one(found, "saved search", "All")]), "field")
    assert read == ["field `http.a`", "field `http.b`"]


def test_a_panel_on_the_time_field_reads_it_through_one_data_view(tmp_path: Path) -> None:
    view = '{"title":"a-*","timeFieldName":"@timestamp"}'
    (tmp_path / "k.ndjson").write_text(saved_search("All", view, "@timestamp"), "utf-8")
    found = lineage_of(
        "logs: [{name: a, index: a-*}]\nkibana: {saved_objects: k.ndjson}\n", tmp_path
    )
    panel = one(found, "saved search", "All")
    assert said(found.above([panel]), "data view") == ["data view `a-*`"]
    assert "field `@timestamp`" in said(found.above([panel]), "field")


def test_a_field_that_a_data_view_makes_comes_from_nowhere_else(tmp_path: Path) -> None:
    made = json.dumps(json.dumps({"slow": {"type": "boolean"}}))
    view = f'{{"title":"a-*","runtimeFieldMap":{made}}}'
    (tmp_path / "k.ndjson").write_text(saved_search("All", view, "slow", "ms"), "utf-8")
    found = lineage_of(
        "logs: [{name: a, index: a-*}]\nkibana: {saved_objects: k.ndjson}\n", tmp_path
    )
    assert said(found.above([one(found, "saved search", "All")]), "field") == ["field `ms`"]


@pytest.mark.parametrize(
    ("index", "read"),
    [("", ["field `ms`"]), (", index: b-*", []), (", index: a-1", ["field `ms`"])],
)
def test_a_data_view_shows_what_goes_where_the_contract_says(
    index: str, read: list[str], tmp_path: Path
) -> None:
    """Where it does not say it, its only lines are meant."""
    exported = saved_search("All", '{"title":"a-*"}', "ms")
    (tmp_path / "k.ndjson").write_text(exported, "utf-8")
    contract = f"logs: [{{name: a{index}}}]\nkibana: {{saved_objects: k.ndjson}}\n"
    found = lineage_of(contract, tmp_path)
    assert (
        said(tuple(above for node in found.named("All") for above in found.above([node])), "field")
        == read
    )


def test_a_metric_that_the_contract_declares_is_no_other_programs(tmp_path: Path) -> None:
    rules = "groups: [{name: g, rules: [{alert: Full, expr: 'node_own > 1'}]}]\n"
    (tmp_path / "r.yml").write_text(rules, "utf-8")
    contract = (
        "service: {start: run, metrics: /metrics}\n"
        "metrics: {rules: r.yml, external: [node-exporter], series: [{name: node_own}]}\n"
    )
    found = lineage_of(contract, tmp_path)
    above = found.above([one(found, "alert", "Full")])
    assert [str(node) for node in above] == ["metric `node_own`", "exposition `/metrics`"]


WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  template:
    spec:
      containers:
      - {name: shop, resources: {requests: {cpu: 100m}}}
      - {name: proxy, resources: {requests: {cpu: 50m}}}
      initContainers:
      - {name: init, resources: {requests: {cpu: 10m}}}
---
"""
SCALER = """\
apiVersion: autoscaling/%s
kind: HorizontalPodAutoscaler
metadata: {name: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
  %s
"""


@pytest.mark.parametrize(
    ("version", "metrics"),
    [
        ("v1", "targetCPUUtilizationPercentage: 60"),
        ("v2", "metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization}}}]"),
        ("v2", "metrics: [{type: ContainerResource, containerResource: {name: cpu}}]"),
    ],
)
def test_an_autoscaler_reads_what_is_held_against_requests(
    version: str, metrics: str, tmp_path: Path
) -> None:
    (tmp_path / "m.yml").write_text(WORKLOAD + SCALER % (version, metrics), "utf-8")
    found = lineage_of("kubernetes: {manifests: m.yml}\n", tmp_path)
    scaler = one(found, "autoscaler", "shop")
    above = [str(node) for node in found.above([scaler])]
    assert above == ["resource `cpu`", "request `cpu: 100m`", "request `cpu: 50m`"]
    assert [str(node) for node in found.below([scaler])] == ["workload `shop`"]
    assert found.about([Subject("request", "cpu of Deployment shop")])[0].kind == "resource"


def test_gaps_are_of_the_side_they_concern(tmp_path: Path) -> None:
    found = lineage_of("metrics: {rules: no.yml}\n", tmp_path)
    assert [gap.side for gap in found.gaps] == [METRICS]


@pytest.mark.parametrize(
    ("name", "known", "family"),
    [
        ("x_seconds_sum", {"x_seconds"}, "x_seconds"),
        ("x_seconds_sum", set(), "x_seconds_sum"),
        ("x_total", {"x_total"}, "x_total"),
        ("x", {"x_total"}, "x"),
    ],
)
def test_a_series_belongs_to_a_metric(name: str, known: set[str], family: str) -> None:
    assert family_of(name, known) == family
