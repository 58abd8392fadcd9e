"""What is read of an autoscaler that runs, and of its pods."""

from __future__ import annotations

import json
from typing import Any

import pytest

from toolkit.evidence.autoscaling.cluster_snapshot import (
    ClusterSnapshot,
    PodUsage,
    cluster_snapshot,
    ready_pods,
    rescale_reason,
)
from toolkit.evidence.kubernetes.cluster import ApiReply
from toolkit.findings import Location
from toolkit.kubernetes.autoscaling.spec import Metric, MetricTarget
from toolkit.kubernetes.manifests import Manifest
from toolkit.languages.positioned import unpositioned

CPU = Metric("Resource", "cpu", MetricTarget("Utilization", 60))
ACTIVE = {"type": "ScalingActive", "status": "True", "reason": "ValidMetricFound"}


def live(kind: str, **body: Any) -> Manifest:
    where = Location(f"kubernetes:shop/{kind}/shop")
    whole = {"kind": kind, **body}
    return Manifest(where.source, whole, unpositioned(whole, where))


def look(
    *conditions: Any,
    current: Any = None,
    metric: Metric = CPU,
    workload: Any = None,
    metrics: ApiReply | None = None,
) -> ClusterSnapshot:
    status = {"conditions": list(conditions), "currentMetrics": current}
    deployment = workload or {"spec": {"replicas": 2}, "status": {"readyReplicas": 1}}
    return cluster_snapshot(
        metric,
        live("HorizontalPodAutoscaler", spec={"maxReplicas": 4}, status=status),
        live("Deployment", **deployment),
        metrics or ApiReply("", 200, '{"items": []}'),
        1000.0,
    )


def resource(**value: Any) -> list[Any]:
    other = {"type": "Resource", "resource": {"name": "memory", "current": {"averageValue": "1"}}}
    own = {"type": "Resource", "resource": {"name": "cpu", "current": value}}
    return [None, other, own]


def test_replicas_are_those_of_the_workload() -> None:
    seen = look(ACTIVE, current=resource(averageUtilization=90))
    assert (seen.desired, seen.ready, seen.usage) == (2, 1, 90)
    assert look(workload={"spec": {}}).ready == 0


@pytest.mark.parametrize(
    ("metric", "current", "usage"),
    [
        (CPU, resource(averageUtilization=90, averageValue="90m"), 90),
        (
            Metric("Resource", "cpu", MetricTarget("AverageValue", 500)),
            resource(averageValue="1"),
            1000,
        ),
        (
            Metric("ContainerResource", "cpu", MetricTarget("Utilization", 60), container="app"),
            [
                {"containerResource": {"name": "cpu", "container": c, "current": {
                    "averageUtilization": u}}}
                for c, u in (("proxy", 1), ("app", 7))
            ],
            7,
        ),
        (
            Metric("Pods", "rps", MetricTarget("AverageValue", 1000)),
            [{"pods": {"metric": {"name": "rps"}, "current": {"averageValue": "1500m"}}}],
            1500,
        ),
        (
            Metric("External", "queue", MetricTarget("Value", 1000)),
            [{"external": {"metric": {"name": "queue"}, "current": {"value": "3"}}}],
            3000,
        ),
        (CPU, resource(averageValue="90m"), None),
        (CPU, None, None),
    ],
)  # fmt: skip
def test_usage_is_what_the_controller_saw(metric: Metric, current: Any, usage: int | None) -> None:
    assert look(ACTIVE, current=current, metric=metric).usage == usage


def test_what_the_controller_saw_before_it_lost_the_metric_does_not_count() -> None:
    failing = {**ACTIVE, "status": "False", "message": "no metrics returned"}
    seen = look(failing, current=resource(averageUtilization=90))
    assert (seen.usage, seen.note, seen.wanted(60)) == (None, "no metrics returned", None)


def test_a_limit_counts_only_while_it_holds() -> None:
    limited = {"type": "ScalingLimited", "status": "True", "reason": "TooManyReplicas"}
    assert look(limited).limited == "TooManyReplicas"
    assert look({**limited, "status": "False"}).limited == ""


@pytest.mark.parametrize(
    ("usage", "wanted"), [(54, 2), (66, 2), (53, 2), (67, 3), (61, 2), (121, 5), (0, 0)]
)
def test_what_the_metric_asks_for(usage: int, wanted: int) -> None:
    workload = {"spec": {"replicas": 2}, "status": {"readyReplicas": 2}}
    current = resource(averageUtilization=usage)
    assert look(ACTIVE, current=current, workload=workload).wanted(60) == wanted


def test_what_pods_use_and_since_when() -> None:
    items = [
        {
            "metadata": {"name": "a"},
            "timestamp": "1970-01-01T00:10:00Z",
            "window": "1m30.5s",
            "containers": [{"usage": {"cpu": "100m"}}, {"usage": {"cpu": "250000000n"}}],
        }
    ]
    seen = look(metrics=ApiReply("", 200, json.dumps({"items": items})))
    assert seen.pods == {"a": PodUsage(509.5, 600.0, 350)}


def test_what_is_not_told_of_pods() -> None:
    body = json.dumps({"kind": "Status", "message": "forbidden"})
    seen = look(metrics=ApiReply("", 403, body))
    assert (seen.pods, seen.unmeasured) == ({}, "HTTP 403: forbidden")


def test_pods_that_take_traffic() -> None:
    ready = {"conditions": [{"type": "Ready", "status": "True"}]}
    items = [
        {"metadata": {"name": "b"}, "status": ready},
        {"metadata": {"name": "a"}, "status": ready},
        {"metadata": {"name": "starts"}, "status": {}},
        {"metadata": {"name": "leaves", "deletionTimestamp": "now"}, "status": ready},
    ]
    assert ready_pods(json.dumps({"items": items})) == ("a", "b")


def test_the_newest_reason_counts() -> None:
    items = [
        {"lastTimestamp": f"2026-01-10T00:0{n}:00Z", "message": f"New size: {n}; reason: r{n}"}
        for n in (1, 3, 2)
    ]
    assert rescale_reason(json.dumps({"items": items})) == "r3"
    assert rescale_reason('{"items": []}') == ""
