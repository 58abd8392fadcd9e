"""Kibana's saved objects hang together as an export of Kibana does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest

from tests.k8s.shipped import ROOT

FILE = ROOT / "pipelines/kibana/sre-pleno-app.ndjson"
*OBJECTS, SUMMARY = map(json.loads, FILE.read_text("utf-8").splitlines())
LENSES = [each for each in OBJECTS if each["type"] == "lens"]
TEMPLATE = json.loads((ROOT / "pipelines/elasticsearch/template.json").read_text("utf-8"))
_KQL = re.compile(r"([@\w.]+)\s*(?::|>=|<=|>|<)")


def only(kind: str) -> dict[str, Any]:
    [found] = (each for each in OBJECTS if each["type"] == kind)
    return dict(found)


def panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(only("dashboard")["attributes"]["panelsJSON"])
    return found


def layer(lens: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    [found] = lens["attributes"]["state"]["datasourceStates"]["formBased"]["layers"].items()
    name, content = found
    return name, content


def mapped(properties: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, field in properties.items():
        if "type" in field:
            yield f"{prefix}{name}", field["type"]
        yield from mapped(field.get("properties", {}), f"{prefix}{name}.")


def test_every_reference_leads_to_an_object_and_every_object_is_used() -> None:
    there = {(each["type"], each["id"]) for each in OBJECTS}
    assert len(there) == len(OBJECTS) == SUMMARY["exportedCount"]
    referred = {(r["type"], r["id"]) for each in OBJECTS for r in each["references"]}
    assert referred == there - {("dashboard", "sre-pleno-app")}


def test_each_panel_of_the_dashboard_names_its_reference() -> None:
    names = [each["name"] for each in only("dashboard")["references"]]
    assert names == [f"{each['panelIndex']}:{each['panelRefName']}" for each in panels()]
    assert [each["gridData"]["i"] for each in panels()] == [e["panelIndex"] for e in panels()]


def test_panels_stand_beside_each_other_within_48_columns() -> None:
    def cells(panel: dict[str, Any]) -> set[tuple[int, int]]:
        at = panel["gridData"]
        return {(x, y) for x in range(at["x"], at["x"] + at["w"])
                for y in range(at["y"], at["y"] + at["h"])}  # fmt: skip

    assert all(not cells(one) & cells(other) for one, other in combinations(panels(), 2))
    assert max(x for each in panels() for x, _ in cells(each)) == 47


@pytest.mark.parametrize("lens", LENSES, ids=lambda lens: lens["id"])
def test_a_panel_shows_columns_of_its_layer(lens: dict[str, Any]) -> None:
    name, content = layer(lens)
    columns, shown = content["columns"], json.dumps(lens["attributes"]["state"]["visualization"])
    assert sorted(content["columnOrder"]) == sorted(columns)
    used = re.findall(r'"(?:xAccessor|splitAccessor|columnId)": "([^"]+)"', shown)
    for accessors in re.findall(r'"accessors": \[([^]]*)\]', shown):
        used += re.findall(r'"([^"]+)"', accessors)
    for column in columns.values():
        used += column.get("references", [])
        order = column.get("params", {}).get("orderBy", {})
        used += [order["columnId"]] if "columnId" in order else []
    assert set(used) == set(columns)
    assert [each["name"] for each in lens["references"]] == [
        f"indexpattern-datasource-layer-{name}"
    ]
    assert set(re.findall(r'"layerId": "([^"]+)"', shown)) == {name}


@pytest.mark.parametrize("lens", LENSES, ids=lambda lens: lens["id"])
def test_a_panel_reads_fields_that_the_template_maps(lens: dict[str, Any]) -> None:
    fields = dict(mapped(TEMPLATE["template"]["mappings"]["properties"]))
    columns = layer(lens)[1]["columns"].values()
    read = {each["sourceField"] for each in columns if "sourceField" in each} - {"___records___"}
    assert read <= set(fields)
    queries = [each["filter"]["query"] for each in columns if "filter" in each]
    queries.append(lens["attributes"]["state"]["query"]["query"])
    assert {name for query in queries for name in _KQL.findall(query)} <= set(fields)
    for each in columns:
        if each["operationType"] == "percentile":
            assert fields[each["sourceField"]] == "float"
        if each["operationType"] == "terms":
            kind = "number" if fields[each["sourceField"]] == "short" else "string"
            assert each["dataType"] == kind


def test_the_formula_is_what_its_parts_compute() -> None:
    [lens] = (each for each in LENSES if each["id"].endswith("error-ratio"))
    columns = layer(lens)[1]["columns"]
    parts = [columns[f"ratioX{each}"]["filter"]["query"] for each in (0, 1)]
    formula = columns["ratio"]["params"]["formula"]
    assert formula == " / ".join(f"count(kql='{each}')" for each in parts)
    ast = columns["ratioX2"]["params"]["tinymathAst"]
    assert (ast["text"], ast["location"]) == (formula, {"min": 0, "max": len(formula)})
    assert (ast["name"], ast["args"]) == ("divide", ["ratioX0", "ratioX1"])


def test_what_was_asked_for_is_shown() -> None:
    titles = [each["attributes"]["title"] for each in LENSES]
    assert titles == ["Log lines", "Status codes", "Latency", "Error ratio", "Slowest routes"]
    [latency] = (each for each in LENSES if each["attributes"]["title"] == "Latency")
    percentiles = [
        each["params"]["percentile"]
        for each in layer(latency)[1]["columns"].values()
        if each["operationType"] == "percentile"
    ]
    assert percentiles == [50, 95, 99]


def test_the_data_view_covers_the_index_that_logstash_writes() -> None:
    view = only("index-pattern")["attributes"]
    pipeline = (ROOT / "pipelines/logstash/app.conf").read_text("utf-8")
    [index] = re.findall(r'index => "([^"%]+)%', pipeline)
    assert view["title"] == f"{index}*" == TEMPLATE["index_patterns"][0]
    assert view["timeFieldName"] == "@timestamp"
