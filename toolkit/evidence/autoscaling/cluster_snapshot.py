"""The state of an autoscaler and its workload at one moment, from API responses; pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from toolkit.evidence.kubernetes.cluster import ApiReply
from toolkit.evidence.kubernetes.refusals import message_of
from toolkit.kubernetes.api import objects
from toolkit.kubernetes.autoscaling.spec import Flags, Metric, Tolerance
from toolkit.kubernetes.manifests import Manifest, items, mapping
from toolkit.kubernetes.quantities import amount, is_quantity, milli
from toolkit.languages.positioned_json import read_json

_NEAR = Tolerance.around(Flags().tolerance, Flags().tolerance)
_FIELDS = {
    "Resource": "resource",
    "ContainerResource": "containerResource",
    "Pods": "pods",
    "Object": "object",
    "External": "external",
}
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True, slots=True)
class PodUsage:
    """The usage of a pod by the metrics API."""

    since: float
    """Start of the measured interval, in seconds since 1970."""
    until: float
    cpu: int
    """Thousandths of a core."""


@dataclass(frozen=True, slots=True)
class ClusterSnapshot:
    """An autoscaler, its workload, and the usage of the pods."""

    at: float
    """Seconds since 1970 by the server's clock."""
    desired: int
    ready: int
    usage: int | None
    """In the unit of the target; None if the controller does not have it."""
    note: str
    """The error of the controller, in its own words."""
    limited: str
    """The reason of the condition ScalingLimited."""
    spec: Mapping[str, Any]
    """The spec of the autoscaler."""
    template: Mapping[str, Any]
    """The pod template."""
    pods: Mapping[str, PodUsage]
    unmeasured: str = ""
    """The reason for missing usage of the pods."""

    @property
    def used(self) -> int | None:
        """Known usage of all pods, in thousandths of a core."""
        return sum(each.cpu for each in self.pods.values()) if self.pods else None

    def wanted(self, target: int) -> int | None:
        """Return the replicas by the metric alone, before windows and limits."""
        if self.usage is None or not target:
            return None
        ratio = self.usage / target
        return self.desired if _NEAR.holds(ratio) else math.ceil(ratio * self.ready)


def cluster_snapshot(
    metric: Metric, hpa: Manifest, workload: Manifest, metrics: ApiReply, at: float
) -> ClusterSnapshot:
    """Parse three API responses.

    Args:
        metric: The displayed metric.
        hpa: The autoscaler.
        workload: Its target.
        metrics: The response of the metrics API.
        at: Seconds since 1970, by the server's clock.
    """
    conditions = {e.get("type"): e for _, e in items(hpa.get("status", "conditions"))}
    failing = [
        found
        for found in (conditions.get("AbleToScale"), conditions.get("ScalingActive"))
        if found is not None and found.get("status") == "False"
    ]
    limited = conditions.get("ScalingLimited", {})
    measured = metrics.status == 200
    return ClusterSnapshot(
        at=at,
        desired=_whole(workload.get("spec", "replicas")),
        ready=_whole(workload.get("status", "readyReplicas")),
        usage=None if failing else _usage(metric, hpa),
        note=str(failing[0].get("message")) if failing else "",
        limited=str(limited.get("reason")) if limited.get("status") == "True" else "",
        spec=mapping(hpa.get("spec")),
        template=mapping(workload.get("spec", "template")),
        pods=dict(_pods(metrics.body)) if measured else {},
        unmeasured="" if measured else f"HTTP {metrics.status}: {message_of(metrics.body)}",
    )


def ready_pods(body: str) -> tuple[str, ...]:
    """Return the names of the ready pods in a response."""
    return tuple(sorted(pod.name for pod in objects(body, "Pod") if _is_ready(pod)))


def rescale_reason(body: str) -> str:
    """Return the reason in the newest rescale event; empty without one."""
    events = [e for _, e in items(mapping(read_json(body, "kubernetes")).get("items"))]
    newest = max(events, key=lambda each: str(each.get("lastTimestamp") or ""), default={})
    return str(newest.get("message", "")).rpartition("reason: ")[2]


def _is_ready(pod: Manifest) -> bool:
    leaving = pod.get("metadata", "deletionTimestamp") is not None
    conditions = items(pod.get("status", "conditions"))
    ready = any(e.get("type") == "Ready" and e.get("status") == "True" for _, e in conditions)
    return ready and not leaving


def _usage(metric: Metric, hpa: Manifest) -> int | None:
    """Return the last value of a metric that the controller saw."""
    field = _FIELDS[metric.source]
    for _, each in items(hpa.get("status", "currentMetrics")):
        found = mapping(each.get(field))
        name = found.get("name") or mapping(found.get("metric")).get("name")
        if (name, str(found.get("container", ""))) == (metric.name, metric.container):
            return _number(mapping(found.get("current")), metric)
    return None


def _number(current: Mapping[str, Any], metric: Metric) -> int | None:
    if metric.target.type == "Utilization":
        found = current.get("averageUtilization")
        return found if isinstance(found, int) else None
    stated = current.get("averageValue" if metric.target.type == "AverageValue" else "value")
    return milli(amount(stated)) if is_quantity(stated) else None


def _pods(body: str) -> Iterator[tuple[str, PodUsage]]:
    for _, each in items(mapping(read_json(body, "kubernetes")).get("items")):
        until = datetime.fromisoformat(str(each.get("timestamp"))).timestamp()
        containers = [mapping(e.get("usage")).get("cpu") for _, e in items(each.get("containers"))]
        cpu = sum(milli(amount(stated)) for stated in containers if is_quantity(stated))
        since = until - _seconds(str(each.get("window") or "0s"))
        yield str(mapping(each.get("metadata")).get("name")), PodUsage(since, until, cpu)


def _seconds(duration: str) -> float:
    """Return the seconds of a duration in Go's format.

    >>> _seconds("15.5s"), _seconds("1m30s")
    (15.5, 90.0)
    """
    parts = re.findall(r"([0-9.]+)(h|ms|m|s|us|µs|ns)", duration)
    return sum(float(number) * _UNITS[unit] for number, unit in parts)


def _whole(stated: Any) -> int:
    return stated if isinstance(stated, int) else 0
