"""What can be seen of an autoscaler and its workload at one moment: pure, from API answers."""

from __future__ import annotations

import json
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
    """What the metrics API tells of a pod."""

    since: float
    """Seconds since 1970: when the time began that it is the mean of."""
    until: float
    cpu: int
    """Thousandths of a core."""


@dataclass(frozen=True, slots=True)
class ClusterSnapshot:
    """An autoscaler, its workload, and what the pods use."""

    at: float
    """Seconds since 1970 by the server's clock."""
    desired: int
    ready: int
    usage: int | None
    """In the unit of the target; None where the controller does not know it."""
    note: str
    """What the controller lacks, in its own words."""
    limited: str
    """Why it is not more, or less."""
    spec: Mapping[str, Any]
    """Of the autoscaler."""
    template: Mapping[str, Any]
    """Of the pods."""
    pods: Mapping[str, PodUsage]
    unmeasured: str = ""
    """Why nothing is told of the pods."""

    @property
    def used(self) -> int | None:
        """Thousandths of a core that all pods use, as far as it is told."""
        return sum(each.cpu for each in self.pods.values()) if self.pods else None

    def wanted(self, target: int) -> int | None:
        """What the metric asks for, before windows and limits."""
        if self.usage is None or not target:
            return None
        ratio = self.usage / target
        return self.desired if _NEAR.holds(ratio) else math.ceil(ratio * self.ready)


def cluster_snapshot(
    metric: Metric, hpa: Manifest, workload: Manifest, metrics: ApiReply, at: float
) -> ClusterSnapshot:
    """Read what three answers say; ``metric`` is the one that is shown."""
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
    """The names of the pods in an answer that take traffic."""
    return tuple(sorted(pod.name for pod in objects(body, "Pod") if _is_ready(pod)))


def rescale_reason(body: str) -> str:
    """The reason that the newest event of a rescale gives; empty without one."""
    events = [e for _, e in items(mapping(json.loads(body)).get("items"))]
    newest = max(events, key=lambda each: str(each.get("lastTimestamp") or ""), default={})
    return str(newest.get("message", "")).rpartition("reason: ")[2]


def _is_ready(pod: Manifest) -> bool:
    leaving = pod.get("metadata", "deletionTimestamp") is not None
    conditions = items(pod.get("status", "conditions"))
    ready = any(e.get("type") == "Ready" and e.get("status") == "True" for _, e in conditions)
    return ready and not leaving


def _usage(metric: Metric, hpa: Manifest) -> int | None:
    """What the controller saw last of a metric."""
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
    for _, each in items(mapping(json.loads(body)).get("items")):
        until = datetime.fromisoformat(str(each.get("timestamp"))).timestamp()
        containers = [mapping(e.get("usage")).get("cpu") for _, e in items(each.get("containers"))]
        cpu = sum(milli(amount(stated)) for stated in containers if is_quantity(stated))
        since = until - _seconds(str(each.get("window") or "0s"))
        yield str(mapping(each.get("metadata")).get("name")), PodUsage(since, until, cpu)


def _seconds(duration: str) -> float:
    """A duration as Go writes it.

    >>> _seconds("15.5s"), _seconds("1m30s")
    (15.5, 90.0)
    """
    parts = re.findall(r"([0-9.]+)(h|ms|m|s|us|µs|ns)", duration)
    return sum(float(number) * _UNITS[unit] for number, unit in parts)


def _whole(stated: Any) -> int:
    return stated if isinstance(stated, int) else 0
