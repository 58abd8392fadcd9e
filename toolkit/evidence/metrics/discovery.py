"""The targets that Prometheus discovers in a cluster with the objects of some manifests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from toolkit.evidence.kubernetes.manifests import Manifests
from toolkit.kubernetes.manifests import Manifest, items, mapping
from toolkit.kubernetes.selectors import selects
from toolkit.kubernetes.workloads import Container, containers, pod_labels, pod_path
from toolkit.languages.positioned import PositionedNode
from toolkit.prometheus.scraping.configuration import undiscovered
from toolkit.prometheus.scraping.labels import Labels

Values = dict[str, str | None]
_META = "__meta_kubernetes_"
_REST = f"{_META}(?!service_(?:label|annotation)|pod_(?:label|annotation)).*"
"""What is known of a Service and its pods is all of it, but for what the cluster sets."""
_REST_OF_SERVICE = f"{_META}(?!service_(?:label|annotation)).*"
_NOT_ALPHANUMERIC = re.compile(r"[^a-zA-Z0-9_]")


def discovered(found: Manifests, kind: str, node: PositionedNode) -> Iterator[Labels]:
    """Yield what a discovery finds.

    Args:
        found: The objects of the cluster.
        kind: Such as ``kubernetes``; of any other one nothing is known.
        node: Its settings.
    """
    if kind == "kubernetes":
        role = str(node.get("role") or "").lower()
        names = [str(each.value) for each in node.values("namespaces", "names")]
        for each in _ROLES.get(role, _nothing)(found):
            space = each.get(f"{_META}namespace")
            if not names or space is None or space in names:
                yield each
    yield undiscovered(kind)


def sanitized(name: str) -> str:
    """Return a name as a part of a label's name."""
    return _NOT_ALPHANUMERIC.sub("_", name)


def endpoints(found: Manifests, services: Iterable[Manifest]) -> Iterator[Labels]:
    """Yield the targets behind the ports of Services, as the role ``endpoints`` finds them."""
    for service in services:
        for _, port in items(service.get("spec", "ports")):
            workloads = _behind(found, service)
            for workload in workloads:
                container = _listening(workload, port.get("targetPort", port.get("port")))
                values = {**_service(found, service, port), **_pod(found, workload, container)}
                yield Labels(values, _REST)
            if not workloads:
                yield Labels(_service(found, service, port), _REST_OF_SERVICE)


def pods(found: Manifests, workloads: Iterable[Manifest]) -> Iterator[Labels]:
    """Yield the targets in the pods of workloads, as the role ``pod`` finds them."""
    for workload in workloads:
        for container in containers(workload):
            for port in [p for _, p in container.ports()] or [{}] if container.stays else ():
                values = _pod(found, workload, (container, port))
                yield Labels({"__address__": None, **values}, _REST)


def _services(found: Manifests) -> Iterator[Labels]:
    for service in found.of("Service"):
        for _, port in items(service.get("spec", "ports")):
            space = service.namespace or found.namespace
            address = f"{service.name}.{space}.svc:{port.get('port')}" if space else None
            yield Labels({**_service(found, service, port), "__address__": address}, _REST)


def _nothing(found: Manifests) -> Iterator[Labels]:
    return iter(())


_ROLES = {
    "endpoints": lambda found: endpoints(found, found.of("Service")),
    "endpointslice": lambda found: endpoints(found, found.of("Service")),
    "pod": lambda found: pods(found, found.workloads()),
    "service": _services,
}


def _behind(found: Manifests, service: Manifest) -> list[Manifest]:
    selector = service.get("spec", "selector")
    return [
        each
        for each in found.workloads()
        if found.together(service, each) and selects(selector, pod_labels(each))
    ]


def _listening(workload: Manifest, port: Any) -> tuple[Container, Mapping[str, Any]] | None:
    """The container of a pod, and its port, that a Service leads to."""
    staying = [each for each in containers(workload) if each.stays]
    for each in staying:
        for _, own in each.ports():
            if port in (own.get("name"), own.get("containerPort")):
                return each, own
    return (staying[0], {}) if len(staying) == 1 and not isinstance(port, str) else None


def _service(found: Manifests, service: Manifest, port: Mapping[str, Any]) -> Values:
    name = str(port.get("name") or "")
    return {
        "__address__": None,
        f"{_META}namespace": service.namespace or found.namespace,
        f"{_META}service_name": service.name,
        f"{_META}service_port_name": name,
        f"{_META}endpoints_name": service.name,
        f"{_META}endpoint_port_name": name,
        f"{_META}endpointslice_port_name": name,
        f"{_META}endpoint_ready": "true",
        **_stated("service", service.labels, service.get("metadata", "annotations")),
    }


def _pod(
    found: Manifests, workload: Manifest, port: tuple[Container, Mapping[str, Any]] | None
) -> Values:
    values: Values = {
        f"{_META}namespace": workload.namespace or found.namespace,
        f"{_META}endpoint_address_target_kind": "Pod",
        f"{_META}endpoint_address_target_name": None,
        f"{_META}endpointslice_address_target_kind": "Pod",
        f"{_META}endpointslice_address_target_name": None,
        f"{_META}pod_name": None,
        f"{_META}pod_node_name": None,
        f"{_META}pod_phase": "Running",
        f"{_META}pod_container_name": None,
        f"{_META}pod_container_init": "false",
        f"{_META}pod_label_pod_template_hash": None,
        **_stated(
            "pod",
            pod_labels(workload),
            workload.get(*pod_path(workload), "metadata", "annotations"),
        ),
    }
    if port is not None:
        container, own = port
        values[f"{_META}pod_container_name"] = container.name
        values[f"{_META}pod_container_image"] = container.image
        values[f"{_META}pod_container_port_name"] = str(own.get("name") or "")
        values[f"{_META}pod_container_port_number"] = str(own.get("containerPort") or "")
    return values


def _stated(what: str, labels: Mapping[str, Any], annotations: Any) -> Values:
    """The labels and annotations of an object, with the signs that they are there."""
    found: Values = {}
    for kind, given in (("label", labels), ("annotation", mapping(annotations))):
        for name, value in given.items():
            found[f"{_META}{what}_{kind}_{sanitized(str(name))}"] = str(value)
            found[f"{_META}{what}_{kind}present_{sanitized(str(name))}"] = "true"
    return found
