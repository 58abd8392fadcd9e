"""What is deployed, held against the manifests."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.plane import Cluster
from tests.cluster.scale.shop import ROOT, Project, Shop

pytestmark = pytest.mark.cluster

NAMESPACE = "drift"


def live(process: Any) -> tuple[int, dict[str, Any]]:
    """The exit code, and the report, of `verify`."""
    output, _ = process.communicate(timeout=60)
    return process.returncode, json.loads(output)


def of_cluster(report: dict[str, Any]) -> list[str]:
    """The verdicts of what was asked of the cluster."""
    return [e["verdict"] for e in report["judgements"] if "[cluster]" in e["step"]]


def test_what_was_applied_is_the_same(shop: Shop) -> None:
    shop.deploy()
    code, report = live(shop.start("verify", "--format", "json", "--only", "*/*"))
    assert code == 0, report
    assert set(of_cluster(report)) == {"pass"}, report


def test_what_was_edited_is_named(shop: Shop) -> None:
    shop.deploy()
    patch = (
        '{"spec": {"template": {"spec": {"containers": [{"name": "shop", "image": "shop:0"}]}}}}'
    )
    shop.kubectl("patch", "deployment", "shop", "--patch", patch)
    code, report = live(shop.start("verify", "--format", "json", "--only", "manifests/*"))
    assert code == 1, report
    [finding] = report["findings"]
    assert finding["check"] == "manifests/cluster-drift"
    assert "image` is `shop:0`, not `shop:1`" in finding["what"]


def test_defaults_of_all_that_ships_are_no_drift(cluster: Cluster, tmp_path: Path) -> None:
    """The API server fills in, normalizes and drops; nothing of that is told."""
    for path in sorted((ROOT / "k8s").rglob("*.yaml")):
        text = re.sub(r"namespace: \S+", f"namespace: {NAMESPACE}", path.read_text("utf-8"))
        (tmp_path / path.name).write_text(text, "utf-8")
    cluster.kubectl("create", "namespace", NAMESPACE)
    # Custom kinds are unknown here, and do not matter.
    cluster.try_kubectl("apply", "-f", str(tmp_path))
    (tmp_path / "contract.yml").write_text(
        f"version: 1\nkubernetes: {{manifests: '*.yaml', namespace: {NAMESPACE}}}\n"
        f"targets: {{kubernetes: {{context: cluster, kubeconfig: {cluster.kubeconfig}}}}}\n",
        "utf-8",
    )
    project = Project(cluster, tmp_path, NAMESPACE)
    code, report = live(
        project.start("verify", "--format", "json", "--only", "manifests/cluster-drift")
    )
    assert (code, report["findings"]) == (0, []), report
    assert of_cluster(report) == ["pass"]
    cluster.kubectl("delete", "namespace", NAMESPACE, "--wait=false")
