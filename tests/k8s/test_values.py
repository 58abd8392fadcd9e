"""helm takes the chart's values, and the chart knows each of them.

The chart itself cannot be had from a package registry: `values.json` lists the paths that were
looked up in it, with their types. helm holds the file to a schema made of that list, so that a
path nobody looked up, or one misspelt, is refused. ``KUBE_PROMETHEUS_STACK`` names the folder of
the real chart, its dependencies unpacked; it is rendered then.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.k8s.shipped import ROOT, VALUES
from tests.real.kubectl import helm
from toolkit.kubernetes.quantities import amount, mebibytes

KNOWN = json.loads(Path(__file__).with_name("values.json").read_text("utf-8"))
VALUES_TEXT = VALUES.read_text("utf-8")


def schema() -> dict[str, Any]:
    """The known paths as a JSON Schema that takes nothing else."""
    whole: dict[str, Any] = {"type": "object", "additionalProperties": False, "properties": {}}
    for path, kind in KNOWN["values"].items():
        *folders, last = path.split(".")
        at = whole["properties"]
        for name in folders:
            inner = {"type": "object", "additionalProperties": False, "properties": {}}
            at = at.setdefault(name, inner)["properties"]
        at[last] = {"type": kind}
    return whole


def render(folder: Path, values: str) -> str:
    chart = {"apiVersion": "v2", "name": KNOWN["chart"], "version": KNOWN["version"]}
    (folder / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text(yaml.safe_dump(chart), "utf-8")
    (folder / "values.schema.json").write_text(json.dumps(schema()), "utf-8")
    (folder / "templates/all.yaml").write_text("values: {{ .Values | toJson }}\n", "utf-8")
    (folder / "ours.yaml").write_text(values, "utf-8")
    return helm("template", "prometheus-stack", str(folder), "-f", str(folder / "ours.yaml"))


def test_helm_takes_them(tmp_path: Path) -> None:
    rendered = yaml.safe_load(render(tmp_path / "chart", VALUES_TEXT))
    assert rendered["values"] == yaml.safe_load(VALUES_TEXT)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("retention:", "retenton:"), ("retention: 6h", "retention: 6"), ("kubeEtcd:", "kubeetcd:")],
)
def test_a_path_that_the_chart_does_not_know_is_refused(
    right: str, wrong: str, tmp_path: Path
) -> None:
    with pytest.raises(pytest.fail.Exception, match="values don't meet the specifications"):
        render(tmp_path / "chart", VALUES_TEXT.replace(right, wrong))


def test_the_version_that_was_looked_up_is_the_one_that_is_named() -> None:
    assert f"{KNOWN['chart']} {KNOWN['version']}," in VALUES_TEXT
    assert f"--version {KNOWN['version']} " in VALUES_TEXT


def part(values: dict[str, Any], kind: str, *paths: str) -> float:
    """MiB that the values give these parts together."""
    total = 0.0
    for path in paths:
        at: Any = values
        for name in path.split("."):
            at = at[name]
        total += mebibytes(amount(at["resources"][kind]["memory"]))
    return total


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        ("Prometheus",
         ["prometheus.prometheusSpec", "prometheusOperator.prometheusConfigReloader"]),
        ("Grafana", ["grafana", "grafana.sidecar"]),
        ("operator, state metrics, node exporter",
         ["prometheusOperator", "kube-state-metrics", "prometheus-node-exporter"]),
    ],
)  # fmt: skip
def test_the_decision_lists_what_the_chart_takes(name: str, paths: list[str]) -> None:
    values = yaml.safe_load(VALUES_TEXT)
    table = (ROOT / "docs/decisions/0012-memory-of-one-node.md").read_text("utf-8")
    request, limit = (part(values, kind, *paths) for kind in ("requests", "limits"))
    assert f"| {name} | {request:.0f} | {limit:.0f} |" in table


def test_the_real_chart_renders() -> None:
    folder = os.environ.get("KUBE_PROMETHEUS_STACK")
    if folder is None:
        pytest.skip("KUBE_PROMETHEUS_STACK names no chart")
    options = ("-n", "monitoring", "-f", str(VALUES))
    rendered = list(yaml.safe_load_all(helm("template", "prometheus-stack", folder, *options)))
    [prometheus] = (each for each in rendered if each and each["kind"] == "Prometheus")
    selected = {"matchLabels": {"release": "prometheus-stack"}}
    assert prometheus["spec"]["serviceMonitorSelector"] == selected
    assert prometheus["spec"]["ruleSelector"] == selected
    assert prometheus["spec"]["serviceMonitorNamespaceSelector"] == {}
    assert prometheus["spec"]["retention"] == "6h"
