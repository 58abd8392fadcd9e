"""The metrics API, `metrics.k8s.io/v1beta1`, of figures that a test makes or measures.

An aggregated API server as metrics-server is one: the control plane passes on to it what the
autoscaler, kubectl and other clients ask of that group.
"""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias
from urllib.parse import parse_qs, quote, urlsplit

from tests.cluster.api import Api, ApiError
from tests.cluster.daemons import until
from tests.cluster.plane import METRICS, Cluster

_GROUP = "metrics.k8s.io/v1beta1"
_SERVICE, _NAMESPACE, _ = METRICS.split(".")
_UP_WITHIN = 60.0


class Unavailable(Exception):
    """What the API answers where it has no figures: error 503, with this text."""


@dataclass(frozen=True)
class Sample:
    """What a pod, or a node, has used."""

    usage: Mapping[str, Mapping[str, int]]
    """Thousandths by resource, for each container."""
    age: float = 0.0
    """Seconds."""
    window: float = 15.0
    """Seconds that it is the mean of."""

    @classmethod
    def cpu(cls, milli: int, container: str = "app", **others: Any) -> Sample:
        """Of one container, of which only CPU is told."""
        return cls({container: {"cpu": milli}}, **others)


@dataclass(frozen=True)
class Asked:
    """One list of pods that was asked for."""

    namespace: str
    selector: str
    at: float
    """On the monotonic clock."""


Source: TypeAlias = Callable[[Asked], Mapping[str, Sample]]
"""Tells the samples by the names of pods. It runs in the thread of the request."""


@dataclass
class MetricsApi:
    """What is told: what was set for a pod, or what a source of its namespace says."""

    sources: dict[str, Source] = field(default_factory=dict)
    """By namespace."""
    asked: list[Asked] = field(default_factory=list)
    _set: dict[tuple[str, str], Sample] = field(default_factory=dict)

    def set(self, pod: str, sample: Sample | int, namespace: str = "default") -> None:
        """Tell this of a pod from now on; a number is thousandths of a core."""
        self._set[namespace, pod] = sample if isinstance(sample, Sample) else Sample.cpu(sample)

    def forget(self, pod: str, namespace: str = "default") -> None:
        """Know nothing of a pod any more."""
        self._set.pop((namespace, pod), None)

    def pods(self, api: Api, asked: Asked) -> Iterator[dict[str, Any]]:
        """The items of an answer; of what was set, those of pods that the selector finds."""
        self.asked.append(asked)
        if source := self.sources.get(asked.namespace):
            for name, sample in source(asked).items():
                yield _item({"name": name, "namespace": asked.namespace}, sample)
            return
        query = f"?labelSelector={quote(asked.selector)}" if asked.selector else ""
        for pod in api.get(f"/api/v1/namespaces/{asked.namespace}/pods{query}")["items"]:
            known = self._set.get((asked.namespace, pod["metadata"]["name"]))
            if known is not None:
                yield _item(pod["metadata"], known)


@contextmanager
def metrics_api(cluster: Cluster) -> Iterator[MetricsApi]:
    """Serve the metrics API of a cluster, and take it away afterwards."""
    metrics = MetricsApi()
    server = _Server(cluster.api, metrics)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(cluster.folder / "tls.crt", cluster.folder / "tls.key")
    server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    made = list(_registered(cluster, server.server_address[1]))
    try:
        for path, body in made:
            cluster.api("POST", path, body)
        until(lambda: _available(cluster.api), "the metrics API is available", _UP_WITHIN)
        yield metrics
    finally:
        for path, body in reversed(made):
            cluster.api("DELETE", f"{path}/{body['metadata']['name']}")
        server.shutdown()
        thread.join()
        server.server_close()


def _available(api: Api) -> bool:
    try:
        return bool(api.get(f"/apis/{_GROUP}")["resources"])
    except ApiError:
        return False


def _registered(cluster: Cluster, port: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Endpoints may not lead to this machine, but the name of a Service may."""
    yield (
        f"/api/v1/namespaces/{_NAMESPACE}/services",
        {
            "metadata": {"name": _SERVICE},
            "spec": {
                "type": "ExternalName",
                "externalName": "localhost",
                "ports": [{"port": port}],
            },
        },
    )
    group, _, version = _GROUP.partition("/")
    yield (
        "/apis/apiregistration.k8s.io/v1/apiservices",
        {
            "metadata": {"name": f"{version}.{group}"},
            "spec": {
                "group": group,
                "version": version,
                "groupPriorityMinimum": 100,
                "versionPriority": 100,
                "insecureSkipTLSVerify": True,
                "service": {"namespace": _NAMESPACE, "name": _SERVICE, "port": port},
            },
        },
    )


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, api: Api, metrics: MetricsApi) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.api, self.metrics = api, metrics


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        try:
            self._answer(200, self._found(url.path, parse_qs(url.query)))
        except (KeyError, StopIteration):
            self._answer(404, _status(404, "NotFound", f"{url.path} is not served"))
        except Unavailable as error:
            self._answer(503, _status(503, "ServiceUnavailable", str(error)))

    def _found(self, path: str, query: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        match path.removeprefix(f"/apis/{_GROUP}").strip("/").split("/"):
            case [""] if path.startswith("/apis/"):
                return _resources()
            case ["namespaces", namespace, "pods"]:
                selector = query.get("labelSelector", [""])[0]
                return _list("PodMetrics", self._pods(namespace, selector))
            case ["namespaces", namespace, "pods", name]:
                return next(pod for pod in self._pods(namespace) if _name(pod) == name)
            case ["pods"]:
                return _list("PodMetrics", self._all())
            case ["nodes"]:
                return _list("NodeMetrics", [_node_item(self._all())])
        raise KeyError(path)

    def _all(self) -> list[dict[str, Any]]:
        spaces = self.server.api.get("/api/v1/namespaces")["items"]
        return [pod for space in spaces for pod in self._pods(_name(space))]

    def _pods(self, namespace: str, selector: str = "") -> list[dict[str, Any]]:
        asked = Asked(namespace, selector, time.monotonic())
        return list(self.server.metrics.pods(self.server.api, asked))

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        said = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002
        """Say nothing."""


def _name(item: Mapping[str, Any]) -> str:
    return str(item["metadata"]["name"])


def _item(pod: Mapping[str, Any], sample: Sample) -> dict[str, Any]:
    metadata = {key: pod[key] for key in ("name", "namespace", "labels") if key in pod}
    return {
        **_head("PodMetrics", metadata, sample),
        "containers": [
            {"name": name, "usage": _quantities(usage)} for name, usage in sample.usage.items()
        ],
    }


def _node_item(pods: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The one node uses what its pods use."""
    used = Counter[str]()
    for each in pods:
        for container in each["containers"]:
            used.update({name: int(text[:-1]) for name, text in container["usage"].items()})
    head = _head("NodeMetrics", {"name": "node"}, Sample({}))
    return {**head, "usage": _quantities({"cpu": 0, "memory": 0, **used})}


def _head(kind: str, metadata: Mapping[str, Any], sample: Sample) -> dict[str, Any]:
    seen = time.gmtime(time.time() - sample.age)
    return {
        "kind": kind,
        "apiVersion": _GROUP,
        "metadata": metadata,
        "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", seen),
        "window": f"{sample.window}s",
    }


def _quantities(usage: Mapping[str, int]) -> dict[str, str]:
    return {resource: f"{milli}m" for resource, milli in usage.items()}


def _list(kind: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"kind": f"{kind}List", "apiVersion": _GROUP, "metadata": {}, "items": items}


def _resources() -> dict[str, Any]:
    kinds = {"pods": ("PodMetrics", True), "nodes": ("NodeMetrics", False)}
    return {
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": _GROUP,
        "resources": [
            {"name": name, "singularName": "", "namespaced": namespaced, "kind": kind,
             "verbs": ["get", "list"]}
            for name, (kind, namespaced) in kinds.items()
        ],
    }  # fmt: skip


def _status(code: int, reason: str, message: str) -> dict[str, Any]:
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "reason": reason,
        "message": message,
        "code": code,
    }
