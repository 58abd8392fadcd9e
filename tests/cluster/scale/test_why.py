"""The culprit behind ``<unknown>``, named without load."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cluster.daemons import until
from tests.cluster.scale.shop import Shop

pytestmark = pytest.mark.cluster

JOB = """
apiVersion: batch/v1
kind: Job
metadata: {name: migrate}
spec:
  template:
    metadata: {labels: {app: shop}}
    spec:
      restartPolicy: Never
      containers: [{name: migrate, image: shop}]
"""
MAY_READ = """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader}
rules:
  - {apiGroups: ["", apps, batch, autoscaling], resources: ["*"], verbs: [get, list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: ann}]
"""


def test_nothing_is_in_the_way(shop: Shop) -> None:
    shop.deploy()
    code, output = shop.scale("--why")
    assert code == 0, output
    assert "1 live autoscaler" in output


def test_what_is_not_deployed_is_named(shop: Shop) -> None:
    code, output = shop.scale("--why")
    assert code == 1, output
    assert "HorizontalPodAutoscaler shop is not in the cluster" in output
    assert "0 accepted" in output


def test_a_request_that_only_the_cluster_lacks(shop: Shop) -> None:
    """The manifests are right; what was applied before them is not."""
    right = (shop.folder / "shop.yaml").read_text("utf-8")
    shop.edit("shop.yaml", "{cpu: 100m, memory: 64Mi}", "{memory: 64Mi}")
    shop.edit("shop.yaml", 'limits: {cpu: "1", ', "limits: {")
    shop.apply()
    until(lambda: shop.reason() == "FailedGetResourceMetric", "it cannot act", 60)
    (shop.folder / "shop.yaml").write_text(right, "utf-8")
    code, output = shop.scale("--why")
    assert code == 1, output
    assert "autoscaling/missing-request kubernetes:" in output
    assert "`shop` of Pod shop-" in output
    assert "cannot act" not in output.partition("FAIL 0")[0].partition("why")[0]


def test_a_job_that_shares_the_labels(shop: Shop) -> None:
    shop.deploy()
    shop.kubectl("apply", "-f", "-", text=JOB)
    code, output = shop.scale("--why")
    assert code == 1, output
    assert "pods of Job migrate meet the selector of Deployment shop: `app=shop`" in output
    assert "`migrate` of Pod migrate-" in output


def test_a_target_that_is_not_there(shop: Shop) -> None:
    shop.apply()
    shop.kubectl("delete", "deployment", "shop")
    until(lambda: shop.reason("AbleToScale") == "FailedGetScale", "it finds nothing", 60)
    code, output = shop.scale("--why")
    assert code == 1, output
    assert "shop scales the Deployment `shop`, which does not exist" in output


def test_metrics_that_who_asks_may_not_read(shop: Shop) -> None:
    shop.deploy()
    shop.kubectl("apply", "-f", "-", text=MAY_READ)
    as_somebody(shop, "ann")
    code, output = shop.scale("--why")
    assert code == 3, output
    assert f"pods.metrics.k8s.io may not be read in the namespace `{shop.namespace}`" in output
    assert output.count("could not look") == 1


def test_somebody_who_may_read_nothing(shop: Shop) -> None:
    shop.deploy()
    as_somebody(shop, "bob")
    code, output = shop.scale("--why")
    assert code == 3, output
    assert "horizontalpodautoscalers.autoscaling may not be read" in output


def as_somebody(shop: Shop, name: str) -> None:
    """Let a kubeconfig of the test's own ask as another user."""
    config = json.loads(shop.cluster.kubeconfig.read_text("utf-8"))
    config["users"][0]["user"]["as"] = name
    own = shop.folder / "kubeconfig"
    own.write_text(json.dumps(config), "utf-8")
    shop.edit("contract.yml", str(shop.cluster.kubeconfig), str(Path(own.name)))
