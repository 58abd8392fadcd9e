"""The manifests that ship, created in a cluster by the very commands of the documentation."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import Any

from tests.cluster.plane import Cluster
from tests.k8s.shipped import ROOT, manifests

_NAMESPACES = ("sre-app", "monitoring")
CUSTOM = {"ServiceMonitor", "PrometheusRule"}
"""Kinds that come with Prometheus' operator, which the chart installs."""

_STACK = (ROOT / "docs/reference-stack.md").read_text("utf-8")
COMMANDS = [
    shlex.split(each) for each in re.findall(r"^\$ kubectl ((?:apply|create) .+)$", _STACK, re.M)
]


@dataclass(frozen=True)
class Shipped:
    """What was applied, and what kubectl said to it."""

    commands: list[list[str]]
    said: list[str]
    warned: list[str]
    """What it printed to standard error."""


def ship(cluster: Cluster) -> Shipped:
    """Create everything a real API server has a kind for, anew, with strict validation."""
    gone = ("--ignore-not-found", "--timeout=60s")
    cluster.kubectl("delete", "namespace", *_NAMESPACES, *gone)
    operators = {each.source for each in manifests() if each.kind in CUSTOM}
    commands = [[*words, "--validate=strict"] for words in COMMANDS if not operators & set(words)]
    for each in manifests():
        if each.kind == "PersistentVolumeClaim":
            cluster.api("POST", "/api/v1/persistentvolumes", _volume(each.name, each.get("spec")))
    done = [cluster.try_kubectl(*words) for words in commands]
    failed = [each.stderr for each in done if each.returncode]
    assert not failed, failed
    return Shipped(commands, [each.stdout for each in done], [each.stderr for each in done])


def _volume(name: str, claim: Any) -> dict[str, Any]:
    """What Minikube makes of a claim."""
    return {
        "metadata": {"name": name},
        "spec": {
            "accessModes": claim["accessModes"],
            "capacity": claim["resources"]["requests"],
            "hostPath": {"path": f"/nowhere/{name}"},
        },
    }
