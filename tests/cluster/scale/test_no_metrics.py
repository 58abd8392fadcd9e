"""A cluster without metrics: no API, or one that does not answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.daemons import until
from tests.cluster.plane import Cluster
from tests.cluster.scale.shop import Project, write

pytestmark = pytest.mark.cluster

NAMESPACE = "no-metrics"
REGISTERED = "v1beta1.metrics.k8s.io"
NOBODY = {
    "apiVersion": "apiregistration.k8s.io/v1",
    "kind": "APIService",
    "metadata": {"name": REGISTERED},
    "spec": {
        "group": "metrics.k8s.io",
        "version": "v1beta1",
        "groupPriorityMinimum": 100,
        "versionPriority": 100,
        "insecureSkipTLSVerify": True,
        "service": {"namespace": "kube-system", "name": "metrics-server"},
    },
}


@pytest.fixture(scope="module")
def shop(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Deployed, and its autoscaler has looked for metrics in vain."""
    folder: Path = tmp_path_factory.mktemp("shop")
    cluster.kubectl("create", "namespace", NAMESPACE)
    write(folder, cluster, NAMESPACE, 9)
    found = Project(cluster, folder, NAMESPACE)
    found.apply()
    until(lambda: found.reason() == "FailedGetResourceMetric", "it has no metrics", 60)
    yield found
    cluster.kubectl("delete", "namespace", NAMESPACE, "--wait=false")


@pytest.mark.parametrize("options", [("--why",), ()], ids=["why", "load"])
def test_that_there_is_no_metrics_api_is_named(shop: Project, options: tuple[str, ...]) -> None:
    code, output = shop.scale(*options)
    assert code == 1, output
    first = output.partition("✗ autoscaling/")[2].partition("✗ autoscaling/")[0]
    assert "the cluster has no metrics API" in output
    assert "rps" not in output
    assert first.count("fix ") <= 1


def test_that_it_does_not_answer_is_named(shop: Project) -> None:
    shop.kubectl("apply", "-f", "-", text=json.dumps(NOBODY))
    try:
        code, output = shop.scale("--why")
    finally:
        shop.kubectl("delete", "apiservice", REGISTERED)
    assert code == 1, output
    assert "the metrics API of the cluster is not available" in output
