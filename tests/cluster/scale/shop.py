"""A shop in a namespace of its own, and a contract about it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.cluster.conftest import SYNC_PERIOD
from tests.cluster.daemons import until
from tests.cluster.plane import Cluster
from tests.cluster.serving import Serving
from tests.real.kubectl import program

ROOT = Path(__file__).parents[3]
SHOP = ROOT / "tests" / "scaling"
CONTRACT = """
version: 1
kubernetes: {{manifests: shop.yaml, namespace: {namespace}}}
scaling:
  {{locustfile: users.py, users: 20, samples: 20, budget: 60, speed: 1, within: 60, back: 60}}
targets:
  kubernetes:
    context: cluster
    kubeconfig: {kubeconfig}
    url: http://127.0.0.1:{port}
    writable: true
    pod_header: X-Pod
    sync_period: {period}
    metric_resolution: 0.5
"""


@dataclass(frozen=True)
class Project:
    """A namespace, a contract about it, and what is asked of both."""

    cluster: Cluster
    folder: Path
    namespace: str

    def kubectl(self, *arguments: str, text: str | None = None) -> str:
        return self.cluster.kubectl("-n", self.namespace, *arguments, text=text)

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    def apply(self) -> None:
        """Apply the manifests."""
        self.kubectl("apply", "-f", str(self.folder / "shop.yaml"))

    def reason(self, kind: str = "ScalingActive") -> str:
        """The reason of a condition of the autoscaler; empty while there is none."""
        path = f"/apis/autoscaling/v2/namespaces/{self.namespace}/horizontalpodautoscalers/shop"
        status = self.cluster.api.get(path).get("status", {})
        found = {each["type"]: str(each["reason"]) for each in status.get("conditions", ())}
        return found.get(kind, "")

    def start(self, command: str, *options: str) -> subprocess.Popen[str]:
        words = [sys.executable, "-m", "toolkit", command, "--kube-context", "cluster", *options]
        path = os.pathsep.join((str(Path(program("kubectl")).parent), "/usr/bin:/bin"))
        return subprocess.Popen(
            [*words, "contract.yml"],
            cwd=self.folder,
            env={
                "PATH": path,
                "PYTHONPATH": str(ROOT),
                "HOME": str(self.folder),
                "TOOLKIT_TRUST": "1",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def scale(self, *options: str) -> tuple[int, str]:
        """The exit code, and all that is printed, as one line."""
        process = self.start("scale", *options)
        output, _ = process.communicate(timeout=90)
        return process.returncode, " ".join(output.split())


@dataclass(frozen=True)
class Shop(Project):
    """A shop in a namespace of its own, with processes for its pods."""

    serving: Serving

    def deploy(self) -> None:
        """Apply the manifests, and wait until the one pod serves and is measured."""
        self.apply()
        until(
            lambda: self.serving.count == 1 and self.reason() == "ValidMetricFound",
            "it serves",
            60,
        )

    def under_load(self) -> subprocess.Popen[str]:
        """A run that has begun: its users have been answered."""
        process = self.start("scale")
        before = self.serving.requests
        until(lambda: self.serving.requests > before + 3, "the load has begun", 60)
        return process


def write(folder: Path, cluster: Cluster, namespace: str, port: int) -> None:
    """A contract about a shop, and its files."""
    for name in ("shop.yaml", "users.py"):
        text = (SHOP / name).read_text("utf-8")
        quick = text.replace("stabilizationWindowSeconds: 60", "stabilizationWindowSeconds: 2")
        (folder / name).write_text(quick, "utf-8")
    contract = CONTRACT.format(
        namespace=namespace, kubeconfig=cluster.kubeconfig, port=port, period=SYNC_PERIOD
    )
    (folder / "contract.yml").write_text(contract, "utf-8")
