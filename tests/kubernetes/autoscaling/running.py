"""A small workload, to be simulated."""

from __future__ import annotations

from typing import Any

from toolkit.kubernetes.autoscaling.decoding import decode_spec
from toolkit.kubernetes.autoscaling.observation import ContainerRequests, PodTemplate
from toolkit.kubernetes.autoscaling.simulation import ClusterSettings
from toolkit.kubernetes.autoscaling.spec import Spec
from toolkit.kubernetes.autoscaling.trace import Trace

SETTINGS = ClusterSettings(
    template=PodTemplate((ContainerRequests("app", {"cpu": 250}),)),
    running_after=3_000,
    ready_after=7_000,
)
"""Pods request 250m and serve ten seconds after they were created."""


def hpa(maximum: int = 5, behavior: Any = None, **fields: Any) -> Spec:
    """An autoscaler that wants 60 % of the CPU request."""
    target = {"type": "Utilization", "averageUtilization": 60}
    return decode_spec(
        {
            "scaleTargetRef": {"kind": "Deployment", "name": "app"},
            "maxReplicas": maximum,
            "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": target}}],
            "behavior": behavior,
            **fields,
        }
    )


def load(*points: tuple[float, float], most: int | None = None) -> dict[str, Trace]:
    """The CPU of all pods together: seconds, and thousandths of a core."""
    return {"cpu": Trace.of(points, most=most)}
