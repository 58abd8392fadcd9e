"""A real control plane on this machine: no containers, no root, up in seconds, gone afterwards.

    with control_plane(folder, sync_period=1.0) as cluster:
        cluster.kubectl("apply", "-f", "k8s/")

etcd, API server, controller manager and scheduler are the real programs; nodes and pods are
kwok's, which says of each pod that it runs and is ready.
"""

from __future__ import annotations

import json
import ssl
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.api import Api, ApiError
from tests.cluster.daemons import Ended, daemon, free_port, tail, until
from tests.cluster.parts import part
from tests.real.kubectl import program

METRICS = "metrics.kube-system.svc"
"""The name of the Service behind which `tests.cluster.metrics` serves the metrics API."""

_STAGES = Path(__file__).parent / "stages.yaml"
_TOKEN = "loopback-only"
_UP_WITHIN = 120.0
_ATTEMPTS = 3
_CONTROLLERS = (
    "cronjob-controller",
    "daemonset-controller",
    "deployment-controller",
    "disruption-controller",
    "endpointslice-controller",
    "garbage-collector-controller",
    "horizontal-pod-autoscaler-controller",
    "job-controller",
    "namespace-controller",
    "node-lifecycle-controller",
    "persistentvolume-binder-controller",
    "persistentvolume-protection-controller",
    "persistentvolumeclaim-protection-controller",
    "replicaset-controller",
    "statefulset-controller",
)


@dataclass(frozen=True)
class Cluster:
    """A control plane that is up, with one node."""

    folder: Path
    """Of the kubeconfig, the certificate (`tls.crt`, `tls.key`) and the logs (`*.log`)."""
    api: Api
    context: str = "cluster"

    @property
    def kubeconfig(self) -> Path:
        """For kubectl and whoever else takes one."""
        return self.folder / "kubeconfig"

    def kubectl(self, *arguments: str, text: str | None = None) -> str:
        """What kubectl prints; a failure fails the test."""
        done = self.try_kubectl(*arguments, text=text)
        if done.returncode:
            pytest.fail(f"kubectl {' '.join(arguments)}\n{done.stderr}")
        return done.stdout

    def try_kubectl(
        self, *arguments: str, text: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """The same, where it may fail."""
        words = [program("kubectl"), "--kubeconfig", str(self.kubeconfig), *arguments]
        return subprocess.run(words, input=text, capture_output=True, text=True, check=False)

    def logs(self) -> str:
        """The last words of all its programs."""
        return "\n".join(
            f"--- {log.name}\n{tail(log)}" for log in sorted(self.folder.glob("*.log"))
        )


@contextmanager
def control_plane(
    folder: Path,
    *,
    sync_period: float = 15.0,
    downscale_stabilization: float = 300.0,
    cpu_initialization: float = 300.0,
    readiness_delay: float = 30.0,
) -> Iterator[Cluster]:
    """A cluster of one's own, whose files go to ``folder``.

    The seconds are those of the controller's flags for autoscalers, with their usual values.
    """
    periods = {
        "sync-period": sync_period,
        "downscale-stabilization": downscale_stabilization,
        "cpu-initialization-period": cpu_initialization,
        "initial-readiness-delay": readiness_delay,
    }
    flags = [f"--horizontal-pod-autoscaler-{each}={value}s" for each, value in periods.items()]
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        yield _started(folder, flags, stack)


def _started(folder: Path, flags: Sequence[str], stack: ExitStack) -> Cluster:
    """Start it; another program may take a port that was free a moment ago."""
    for attempt in range(1, _ATTEMPTS + 1):
        with ExitStack() as attempted:
            try:
                cluster = _start(folder, flags, attempted)
            except Ended:
                if attempt == _ATTEMPTS:
                    raise
            else:
                stack.push(attempted.pop_all())
                return cluster
    raise AssertionError(folder)


def _start(folder: Path, flags: Sequence[str], stack: ExitStack) -> Cluster:
    subprocess.run([part("self-signed"), str(folder), METRICS], check=True)
    tls = ssl.create_default_context(cafile=str(folder / "tls.crt"))
    cluster = Cluster(folder, Api(free_port(), _TOKEN, tls))
    stack.callback(cluster.api.close)
    store = f"http://127.0.0.1:{free_port()}"
    (folder / "tokens.csv").write_text(f'{_TOKEN},admin,admin,"system:masters"\n', "utf-8")
    cluster.kubeconfig.write_text(json.dumps(_kubeconfig(cluster)), "utf-8")
    own = str(cluster.kubeconfig)
    running = [
        stack.enter_context(daemon([part(name), *words], folder / f"{name}.log"))
        for name, words in (
            ("etcd", _etcd(folder, store)),
            ("kube-apiserver", _apiserver(cluster, store)),
        )
    ]
    try:
        until(lambda: _ready(cluster), "the API server is ready", _UP_WITHIN, running)
        cluster.api("POST", "/api/v1/nodes", _node("node"))
        running += [
            stack.enter_context(daemon([part(name), *words], folder / f"{name}.log"))
            for name, words in (
                ("kube-controller-manager", _controllers(own, flags)),
                ("kube-scheduler", _scheduler(own)),
                ("kwok", _kwok(own)),
            )
        ]
        until(lambda: _schedulable(cluster), "the node takes pods", _UP_WITHIN, running)
    except AssertionError as error:
        error.add_note(cluster.logs())
        raise
    return cluster


def _ready(cluster: Cluster) -> bool:
    try:
        return bool(cluster.api.get("/readyz") == "ok")
    except (ApiError, OSError):
        return False


def _schedulable(cluster: Cluster) -> bool:
    """Whether the node has lost the marks that a new one has."""
    node = cluster.api.get("/api/v1/nodes/node")
    return "allocatable" in node["status"] and not node["spec"].get("taints")


def _node(name: str) -> dict[str, Any]:
    labels = {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux"}
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": labels}}


def _kubeconfig(cluster: Cluster) -> dict[str, Any]:
    """JSON is YAML as well."""
    server = {
        "server": f"https://127.0.0.1:{cluster.api.port}",
        "certificate-authority": str(cluster.folder / "tls.crt"),
    }
    context = {"cluster": cluster.context, "user": "admin"}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": cluster.context, "cluster": server}],
        "users": [{"name": "admin", "user": {"token": _TOKEN}}],
        "contexts": [{"name": cluster.context, "context": context}],
        "current-context": cluster.context,
    }


def _etcd(folder: Path, store: str) -> list[str]:
    return [
        f"--data-dir={folder / 'etcd'}",
        f"--listen-client-urls={store}",
        f"--advertise-client-urls={store}",
        "--listen-peer-urls=http://127.0.0.1:0",
        "--unsafe-no-fsync",
    ]


def _apiserver(cluster: Cluster, store: str) -> list[str]:
    certificate, key = cluster.folder / "tls.crt", cluster.folder / "tls.key"
    return [
        f"--etcd-servers={store}",
        "--bind-address=127.0.0.1",
        f"--secure-port={cluster.api.port}",
        # The Service `kubernetes` may not lead to this machine: nobody follows it here.
        "--advertise-address=192.0.2.1",
        "--endpoint-reconciler-type=none",
        f"--tls-cert-file={certificate}",
        f"--tls-private-key-file={key}",
        f"--token-auth-file={cluster.folder / 'tokens.csv'}",
        "--authorization-mode=RBAC",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-signing-key-file={key}",
        f"--service-account-key-file={key}",
        "--service-cluster-ip-range=10.0.0.0/24",
        "--disable-admission-plugins=ServiceAccount",
        "--allow-privileged=true",
        # Debian's etcd is too old for it, and clients that try it lose a second each time.
        "--feature-gates=WatchList=false",
        # What the metrics API, which is a server of its own, is asked with.
        f"--proxy-client-cert-file={certificate}",
        f"--proxy-client-key-file={key}",
        f"--requestheader-client-ca-file={certificate}",
        "--requestheader-username-headers=X-Remote-User",
        "--requestheader-group-headers=X-Remote-Group",
        "--requestheader-extra-headers-prefix=X-Remote-Extra-",
    ]


def _controllers(kubeconfig: str, flags: Sequence[str]) -> list[str]:
    return [
        f"--kubeconfig={kubeconfig}",
        f"--controllers={','.join(_CONTROLLERS)}",
        # Without leases of nodes, none is ever taken for lost.
        "--node-monitor-grace-period=24h",
        # Many autoscalers at once, none of which waits for another.
        "--concurrent-horizontal-pod-autoscaler-syncs=50",
        # It says of each sync when it was, what the metrics proposed, and what was done.
        "--vmodule=horizontal=4",
        *_alone(),
        *flags,
    ]


def _scheduler(kubeconfig: str) -> list[str]:
    return [f"--kubeconfig={kubeconfig}", *_alone()]


def _alone() -> list[str]:
    return [
        "--leader-elect=false",
        "--secure-port=0",
        "--kube-api-qps=500",
        "--kube-api-burst=999",
    ]


def _kwok(kubeconfig: str) -> list[str]:
    return [
        f"--kubeconfig={kubeconfig}",
        f"--config={_STAGES}",
        "--manage-all-nodes=true",
        "--node-ip=192.0.2.2",
    ]
