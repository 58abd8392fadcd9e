"""A cluster that follows a script: three replicas while it is asked for work, one afterwards."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import yaml

from tests.connectors.apiserver import status

_RECENT = 2.0
"""Seconds."""
_ACTIVE = [
    {"type": "AbleToScale", "status": "True", "reason": "ReadyForNewScale"},
    {"type": "ScalingActive", "status": "True", "reason": "ValidMetricFound"},
]

_FAILING = [
    {
        "type": "ScalingActive",
        "status": "False",
        "reason": "FailedGetResourceMetric",
        "message": "no metrics returned from resource metrics API",
    }
]


@dataclass
class Scripted:
    """Answers as an API server does, and as the service that it runs."""

    manifests: str
    forbidden: str = ""
    """What no path that may be read contains."""
    away_after: int | None = None
    """So many answered requests for work, and the API server answers no more."""
    change: tuple[int, Callable[[dict[str, Any], dict[str, Any]], None]] | None = None
    """So many answered requests for work, and what then happens to Deployment and autoscaler."""
    least: int = 1
    """Replicas without load."""
    lost: range = range(0)
    """At which looks at the autoscaler, counted from 1, its controller lacks the metric."""
    work: list[float] = field(default_factory=list)
    """When work was asked for."""
    looks: int = 0

    def __call__(self, path: str) -> tuple[int, Any]:
        if path.startswith("/work"):
            self.work.append(time.monotonic())
            return 200, {}
        if self.away_after is not None and len(self.work) > self.away_after:
            return status(401, "Unauthorized")
        if self.forbidden and self.forbidden in path:
            return status(403, f"{self.forbidden} is forbidden: User cannot list it")
        self.looks += path.endswith("/horizontalpodautoscalers/shop")
        if "apiservices" in path:
            return 200, {}
        found = list(self._objects(path.partition("?")[0]))
        named = [each for each in found if path.endswith(f"/{each['metadata']['name']}")]
        if named or path.partition("?")[0].endswith("s"):
            return (200, named[0]) if named else (200, {"items": found})
        return status(404, f"{path} not found")

    @property
    def replicas(self) -> int:
        recent = [at for at in self.work if at > time.monotonic() - _RECENT]
        return 3 if len(recent) > 3 else self.least

    def _objects(self, path: str) -> Iterator[dict[str, Any]]:
        names = [f"shop-5d9c-{number}" for number in range(self.replicas)]
        deployment, hpa = self._deployed()
        if "metrics.k8s.io" in path:
            yield from map(self._usage, names)
        elif "/pods" in path:
            yield from map(self._pod, names)
        elif "/deployments" in path:
            yield deployment
        elif "/horizontalpodautoscalers" in path:
            yield hpa

    def _deployed(self) -> tuple[dict[str, Any], dict[str, Any]]:
        deployment, hpa = yaml.safe_load_all(self.manifests)
        for each in (deployment, hpa):
            each["metadata"]["namespace"] = "shop"
        deployment["spec"]["replicas"] = self.replicas
        deployment["status"] = {"readyReplicas": self.replicas}
        current = {"averageUtilization": 60 if self.replicas > 1 else 5}
        shown = {"type": "Resource", "resource": {"name": "cpu", "current": current}}
        conditions = _FAILING if self.looks in self.lost else _ACTIVE
        hpa["status"] = {"conditions": conditions, "currentMetrics": [shown]}
        if self.change is not None and len(self.work) > self.change[0]:
            self.change[1](deployment, hpa)
        return deployment, hpa

    def _pod(self, name: str) -> dict[str, Any]:
        owner = {"kind": "ReplicaSet", "name": "shop-5d9c", "controller": True}
        about = {"name": name, "namespace": "shop", "labels": {"app": "shop"}}
        ready = {"conditions": [{"type": "Ready", "status": "True"}], "phase": "Running"}
        template = self._deployed()[0]["spec"]["template"]["spec"]
        return {
            "metadata": {**about, "ownerReferences": [owner]},
            "spec": template,
            "status": ready,
        }

    def _usage(self, name: str) -> dict[str, Any]:
        now = datetime.now(UTC).isoformat()
        containers = [{"name": "shop", "usage": {"cpu": "60m"}}]
        metadata = {"name": name, "namespace": "shop"}
        return {"metadata": metadata, "timestamp": now, "window": "0s", "containers": containers}
