"""Paths of the API server, and the objects in its responses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from toolkit.findings import Location
from toolkit.kubernetes.manifests import Manifest, items, mapping
from toolkit.kubernetes.selectors import shown
from toolkit.languages.positioned import unpositioned
from toolkit.languages.positioned_json import read_json

METRICS_API = "/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io"
"""The registration of the API for the usage of pods."""

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
    """Return the path of all objects of a kind, of one, or of those a label selector matches.

    >>> collection("Pod", "shop", selector={"matchLabels": {"app": "a"}})
    '/api/v1/namespaces/shop/pods?labelSelector=app%3Da'

    Args:
        kind: The kind, such as ``Pod``.
        namespace: Its namespace.
        name: The name of one object.
        selector: A label selector, as manifests have it.
    """
    prefix, plural = _GROUPS[kind]
    return f"{prefix}/namespaces/{namespace}/{plural}" + (f"/{name}" if name else _by(selector))


def pod_metrics(namespace: str, selector: Any) -> str:
    """Return the path of the usage of the pods that a selector matches."""
    return f"/apis/metrics.k8s.io/v1beta1/namespaces/{namespace}/pods" + _by(selector)


def _by(selector: Any) -> str:
    return f"?labelSelector={quote(shown(selector), safe='')}" if selector else ""


def objects(body: str, kind: str) -> Iterator[Manifest]:
    """Yield the objects in a response: the one, or those of a list, whose items have no kind."""
    held = mapping(read_json(body, "kubernetes"))
    prefix = _GROUPS[kind][0].removeprefix("/apis/").removeprefix("/api/")
    found = (each for _, each in items(held["items"])) if "items" in held else iter([held])
    for each in found:
        about = mapping(each.get("metadata"))
        name = f"{about.get('namespace')}/{kind}/{about.get('name')}"
        source = f"kubernetes:{name}"
        whole = {"apiVersion": prefix, "kind": kind, **each}
        yield Manifest(source, whole, unpositioned(whole, Location(source)))
