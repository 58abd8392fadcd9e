"""Paths of the API server, and what its answers hold."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from toolkit.findings import Location
from toolkit.kubernetes.manifests import Manifest, items, mapping
from toolkit.kubernetes.selectors import shown
from toolkit.languages.positioned import unpositioned

METRICS_API = "/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io"
"""The registration of what serves the usage of pods."""

_GROUPS: Mapping[str, tuple[str, str]] = {
    "CronJob": ("/apis/batch/v1", "cronjobs"),
    "Deployment": ("/apis/apps/v1", "deployments"),
    "Event": ("/api/v1", "events"),
    "HorizontalPodAutoscaler": ("/apis/autoscaling/v2", "horizontalpodautoscalers"),
    "Job": ("/apis/batch/v1", "jobs"),
    "Pod": ("/api/v1", "pods"),
    "Service": ("/api/v1", "services"),
    "StatefulSet": ("/apis/apps/v1", "statefulsets"),
}


def collection(kind: str, namespace: str, name: str = "", *, selector: Any = None) -> str:
    """The path of all objects of a kind, of one, or of those a label selector takes.

    >>> collection("Pod", "shop", selector={"matchLabels": {"app": "a"}})
    '/api/v1/namespaces/shop/pods?labelSelector=app%3Da'
    """
    prefix, plural = _GROUPS[kind]
    return f"{prefix}/namespaces/{namespace}/{plural}" + (f"/{name}" if name else _by(selector))


def pod_metrics(namespace: str, selector: Any) -> str:
    """The path of what the pods that a selector takes use."""
    return f"/apis/metrics.k8s.io/v1beta1/namespaces/{namespace}/pods" + _by(selector)


def _by(selector: Any) -> str:
    return f"?labelSelector={quote(shown(selector), safe='')}" if selector else ""


def objects(body: str, kind: str) -> Iterator[Manifest]:
    """The objects in an answer: the one, or those of a list, whose items name no kind."""
    held = mapping(json.loads(body))
    prefix = _GROUPS[kind][0].removeprefix("/apis/").removeprefix("/api/")
    found = (each for _, each in items(held["items"])) if "items" in held else iter([held])
    for each in found:
        about = mapping(each.get("metadata"))
        name = f"{about.get('namespace')}/{kind}/{about.get('name')}"
        source = f"kubernetes:{name}"
        whole = {"apiVersion": prefix, "kind": kind, **each}
        yield Manifest(source, whole, unpositioned(whole, Location(source)))
