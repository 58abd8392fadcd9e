"""KEDA's ScaledObjects, as the HorizontalPodAutoscalers that it makes of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from toolkit.kubernetes.manifests import Manifest, dig, items, mapping
from toolkit.languages.positioned import Path

_THRESHOLD = re.compile(r"^(?!activation)(?:value$|.*(?:[tT]hreshold|[lL]ength|[tT]argetValue)$)")
_TRANSFER = "scaledobject.keda.sh/transfer-hpa-ownership"


def autoscaler_of(scaled: Manifest) -> Manifest:
    """Return a ScaledObject with the spec of its autoscaler; places are those of its own parts.

    CPU and memory become resource metrics, all other triggers external ones.
    """
    metrics = list(_metrics(scaled))
    spec = {
        **mapping(scaled.get("spec")),
        "scaleTargetRef": {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            **mapping(scaled.get("spec", "scaleTargetRef")),
        },
        # A minimum of 0, the default, is KEDA's own: the autoscaler acts from 1 on.
        "minReplicas": scaled.get("spec", "minReplicaCount") or 1,
        "maxReplicas": _stated(scaled, 100, "spec", "maxReplicaCount"),
        "metrics": [metric for _, metric in metrics],
        "behavior": scaled.get("spec", "advanced", "horizontalPodAutoscalerConfig", "behavior"),
    }
    places: dict[Path, Path] = {
        ("spec", "minReplicas"): ("spec", "minReplicaCount"),
        ("spec", "maxReplicas"): ("spec", "maxReplicaCount"),
    }
    for at, (trigger, metric) in enumerate(metrics):
        here: Path = ("spec", "metrics", at)
        places |= {here: trigger, (*here, next(reversed(metric))): trigger}
    added = {path: scaled.locate(*source) for path, source in places.items()}
    return replace(scaled, body={**scaled.body, "spec": spec}, added={**scaled.added, **added})


def takes_over(scaled: Manifest, hpa: Manifest) -> bool:
    """Return True if a ScaledObject is to take over an autoscaler that exists already."""
    name = scaled.get("spec", "advanced", "horizontalPodAutoscalerConfig", "name")
    asked = scaled.get("metadata", "annotations", _TRANSFER)
    return str(asked).lower() == "true" and name == hpa.name


def _metrics(scaled: Manifest) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the place of each trigger, and the metric that it becomes."""
    for index, trigger in items(scaled.get("spec", "triggers")):
        yield ("spec", "triggers", index), _metric(index, trigger)


def _metric(index: int, trigger: Mapping[str, Any]) -> dict[str, Any]:
    name, stated = str(trigger.get("type")), mapping(trigger.get("metadata"))
    if name not in ("cpu", "memory"):
        # Each kind of trigger has another name for its threshold.
        value = next((stated[key] for key in stated if _THRESHOLD.search(key)), None)
        target = {"type": trigger.get("metricType") or "AverageValue", "averageValue": value}
        source = {"metric": {"name": f"s{index}-{name}"}, "target": target}
        return {"type": "External", "external": source}
    kind = trigger.get("metricType") or stated.get("type") or "Utilization"
    value = str(stated.get("value"))
    target = {"type": kind, "averageValue": value}
    if kind == "Utilization":
        target = {"type": kind, "averageUtilization": int(value) if value.isdigit() else None}
    if container := stated.get("containerName"):
        source = {"name": name, "container": container, "target": target}
        return {"type": "ContainerResource", "containerResource": source}
    return {"type": "Resource", "resource": {"name": name, "target": target}}


def _stated(scaled: Manifest, default: int, *path: str) -> Any:
    found = dig(scaled.body, *path)
    return default if found is None else found
