"""Grafana's dashboard shows the four Golden Signals of what the service exports."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import promql_parser
import pytest
import yaml

from tests.k8s.shipped import ROOT

FILE = ROOT / "pipelines/grafana/golden-signals.json"
DASHBOARD: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
PANELS = [each for each in DASHBOARD["panels"] if each["type"] != "row"]
RULES = yaml.safe_load((ROOT / "pipelines/prometheus/rules.yml").read_text("utf-8"))
_COUNTER = re.compile(r"\w+_(?:total|bucket|count|sum)\b")
_UNITS = {"s", "reqps", "percentunit", "short"}


def expressions() -> Iterator[str]:
    yield from (target["expr"] for panel in PANELS for target in panel["targets"])


def test_each_row_is_a_signal() -> None:
    rows = [each["title"] for each in DASHBOARD["panels"] if each["type"] == "row"]
    assert rows == ["Now", "Latency", "Traffic", "Errors", "Saturation"]
    assert [each["title"].split(",")[0] for each in PANELS[:4]] == rows[1:]


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])
def test_a_panel_says_what_it_is_and_asks_the_charts_prometheus(panel: dict[str, Any]) -> None:
    prometheus = {"type": "prometheus", "uid": "prometheus"}
    assert panel["title"]
    assert panel["fieldConfig"]["defaults"]["unit"] in _UNITS
    assert panel["datasource"] == prometheus
    assert all(each["datasource"] == prometheus for each in panel["targets"])
    references = [each["refId"] for each in panel["targets"]]
    assert len(set(references)) == len(references) > 0


@pytest.mark.parametrize("expression", list(expressions()))
def test_an_expression_parses_and_takes_rates_of_counters(expression: str) -> None:
    promql_parser.parse(expression.replace("$__rate_interval", "1m"))
    for counter in _COUNTER.finditer(expression):
        before = expression[: counter.start()]
        assert before.endswith("rate("), f"{counter[0]} counts up for ever"
    assert set(re.findall(r"\[([^]]+)\]", expression)) <= {"$__rate_interval"}


def test_what_is_recorded_is_read_where_it_is_recorded() -> None:
    recorded = {r["record"] for group in RULES["groups"] for r in group["rules"] if "record" in r}
    read = {name for each in expressions() for name in re.findall(r"\b[a-z]+:[\w:]+", each)}
    assert read
    assert read <= recorded


def test_ids_are_unique_and_nothing_overlaps() -> None:
    ids = [each["id"] for each in DASHBOARD["panels"]]
    assert len(set(ids)) == len(ids)

    def cells(panel: dict[str, Any]) -> set[tuple[int, int]]:
        at = panel["gridPos"]
        return {(x, y) for x in range(at["x"], at["x"] + at["w"])
                for y in range(at["y"], at["y"] + at["h"])}  # fmt: skip

    pairs = combinations(DASHBOARD["panels"], 2)
    assert all(not cells(one) & cells(other) for one, other in pairs)
    assert max(x for each in DASHBOARD["panels"] for x, _ in cells(each)) == 23


def test_thresholds_are_those_at_which_alerts_ring() -> None:
    alerts = {r["alert"]: r["expr"] for g in RULES["groups"] for r in g["rules"] if "alert" in r}
    shown = {
        each["title"]: each["fieldConfig"]["defaults"]["thresholds"]["steps"][-1]["value"]
        for each in PANELS
        if "thresholds" in each["fieldConfig"]["defaults"]
    }
    assert f"ratio_rate5m > {shown['Errors']} " in alerts["SrePlenoAppHighErrorRate"]
    assert f"share_of_capacity > {shown['Saturation']}" in alerts["SrePlenoAppSaturated"]
