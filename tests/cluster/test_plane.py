"""The control plane that other tests rely on: it is real, it scales, it leaves nothing behind."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cluster.daemons import until
from tests.cluster.metrics import MetricsApi
from tests.cluster.parts import KUBERNETES
from tests.cluster.plane import Cluster
from tests.connectors.processes import wait_for, wait_until_gone

pytestmark = pytest.mark.cluster

SHOP = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      containers:
        - {name: app, image: shop, resources: {requests: {cpu: 100m}}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
  maxReplicas: 5
  metrics:
    - type: Resource
      resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}
"""


def test_it_is_the_version_that_was_asked_for(cluster: Cluster) -> None:
    said = json.loads(cluster.kubectl("version", "-o", "json"))
    assert said["serverVersion"]["gitVersion"] == KUBERNETES


def test_it_scales_by_what_the_metrics_api_tells(cluster: Cluster, metrics: MetricsApi) -> None:
    cluster.kubectl("create", "namespace", "shop")
    cluster.kubectl("apply", "-n", "shop", "-f", "-", text=SHOP)
    pods = "/api/v1/namespaces/shop/pods?labelSelector=app%3Dshop"
    until(lambda: len(cluster.api.get(pods)["items"]) == 1, "there is one pod", 60)
    [pod] = cluster.api.get(pods)["items"]
    metrics.set(pod["metadata"]["name"], 140, namespace="shop")
    until(lambda: len(cluster.api.get(pods)["items"]) == 3, "there are three pods", 60)
    assert "140m" in cluster.kubectl("top", "pods", "-n", "shop")
    assert "140m" in cluster.kubectl("top", "nodes")
    cluster.kubectl("delete", "namespace", "shop", "--wait=false")


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=str)
def test_nothing_is_left_behind(sent: signal.Signals, tmp_path: Path) -> None:
    """Its programs end with the tests, however those end."""
    pid = tmp_path / "pid"
    program = (
        "import sys, time, pathlib; from tests.cluster.daemons import daemon\n"
        f"with daemon(['sleep', '1000'], pathlib.Path({str(tmp_path / 'log')!r})) as started:\n"
        "    name = pathlib.Path(f'/proc/{started.pid}/comm')\n"
        "    while name.read_text() != 'sleep\\n': time.sleep(0.01)\n"
        f"    pathlib.Path({str(pid)!r}).write_text(str(started.pid))\n"
        "    time.sleep(1000)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.DEVNULL) as tests:
        wait_for(pid)
        tests.send_signal(sent)
    wait_until_gone(pid)
