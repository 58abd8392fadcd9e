"""The autoscaler that ships scales the service that ships, out and back, in a real cluster.

Real are the control plane and its decisions, the service's processes, their CPU and the load.
Times are a tenth of what they are: the controller looks every 1.6 s instead of every 15 s, and
the windows and periods of the autoscaler are shortened alike. The minimum is 1 instead of 2.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.api import Watch
from tests.cluster.daemons import until
from tests.cluster.metrics import MetricsApi
from tests.cluster.plane import Cluster
from tests.cluster.serving import Process, Serving, serving
from tests.cluster.shipped import Shipped
from tests.k8s.shipped import ROOT, one
from toolkit.connectors.scaling.load import Load
from toolkit.connectors.scaling.usage import ProcessTree
from toolkit.connectors.service.process import ServiceProcess
from toolkit.contract import parse_contract

pytestmark = pytest.mark.cluster

NAME, NAMESPACE = "sre-pleno-app", "sre-app"
LABEL = f"app.kubernetes.io%2Fname%3D{NAME}"
HPA = f"/apis/autoscaling/v2/namespaces/{NAMESPACE}/horizontalpodautoscalers/{NAME}"
DEPLOYMENTS = f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments"
PATIENCE = 120.0
FASTER = 10


@pytest.fixture
def service(
    cluster: Cluster, metrics: MetricsApi, shipped: Shipped, tmp_path: Path
) -> Iterator[Serving]:
    """A process of the service for each of its pods."""
    assert shipped.said
    promised = parse_contract(
        (ROOT / "toolkit.yml").read_text("utf-8"), source="toolkit.yml"
    ).service
    assert promised
    numbers = count(1)

    def start(_: str) -> Process:
        scratch = tmp_path / str(next(numbers))
        scratch.mkdir()
        process = ServiceProcess.start(promised, ROOT, scratch, "UTC")
        return Process(process.port, ProcessTree(process.popen.pid), process.kill)

    with serving(cluster, metrics, NAMESPACE, LABEL, start) as following:
        yield following


def faster() -> dict[str, Any]:
    """The behavior of the autoscaler, all its times a tenth."""
    behavior: dict[str, Any] = json.loads(
        json.dumps(one("HorizontalPodAutoscaler", NAME).get("spec", "behavior"))
    )
    for rules in behavior.values():
        rules["stabilizationWindowSeconds"] //= FASTER
        for policy in rules["policies"]:
            policy["periodSeconds"] = max(1, policy["periodSeconds"] // FASTER)
    return behavior


def replicas(watch: Watch) -> int:
    [deployment] = (each for each in watch.objects if each["metadata"]["name"] == NAME)
    return int(deployment["spec"]["replicas"])


def test_it_scales_out_under_load_and_back(
    service: Serving, cluster: Cluster, tmp_path: Path
) -> None:
    ways = []
    with (
        cluster.api.watching(DEPLOYMENTS) as watch,
        Load(
            ROOT / "loadtests/locustfile.py", f"http://127.0.0.1:{service.port}", tmp_path, {}
        ) as load,
    ):

        def comes_to(*wanted: int) -> bool:
            ways.append(replicas(watch))
            return ways[-1] in wanted and service.count == ways[-1]

        until(lambda: comes_to(2, 3, 4, 5), "the minimum of the manifest is reached", PATIENCE)
        cluster.api("PATCH", HPA, {"spec": {"minReplicas": 1, "behavior": faster()}})
        until(lambda: comes_to(1), "one replica is left without load", PATIENCE)
        ways.clear()
        load.be(14)
        until(lambda: comes_to(3, 4, 5), "three replicas or more are there", PATIENCE)
        until(lambda: len(service.shares) > 2 and min(service.shares) > 10, "all serve", PATIENCE)
        load.be(0)
        until(lambda: comes_to(1), "one replica is left", PATIENCE)
        answered = load.take()
    assert max(ways) >= 3
    assert ways[0] == 1
    # How many there were depends on how soon the replicas came; that each served is seen above.
    assert sum(not each.error for each in answered) > 0.9 * len(answered) > 9
    conditions = {
        each["type"]: each["status"] for each in cluster.api.get(HPA)["status"]["conditions"]
    }
    assert conditions["ScalingActive"] == conditions["AbleToScale"] == "True"
