"""Ports that a probe, an Ingress or a NetworkPolicy names, and the ports that are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.evidence.kubernetes.manifests import Manifests
from toolkit.evidence.kubernetes.references import backends
from toolkit.kubernetes.manifests import Manifest, dig, items, mapping, variable
from toolkit.kubernetes.selectors import selects
from toolkit.kubernetes.workloads import KINDS, Container, containers, pod_labels
from toolkit.languages.positioned import Path

_CALLS = (
    *(("livenessProbe",), ("readinessProbe",), ("startupProbe",)),
    *(("lifecycle", "postStart"), ("lifecycle", "preStop")),
)


@dataclass(frozen=True, slots=True)
class PortName:
    """A port that an object names or numbers, and those among which it has to be."""

    owner: Manifest
    path: Path
    port: str | int
    whose: str
    """The object or container whose port it is."""
    there: tuple[str, ...]
    without: str
    """What happens if there is no such port."""

    @property
    def known(self) -> bool:
        """True if there is such a port, or if that depends on a variable."""
        return str(self.port) in self.there or bool(variable(self.port))


def port_names(found: Manifests) -> Iterator[PortName]:
    """Yield the ports that objects name; a number of a container need not be declared."""
    for workload in found.workloads():
        for container in containers(workload):
            yield from _called(container)
    for ingress in found.of("Ingress"):
        yield from _routed(found, ingress)
    for policy in found.of("NetworkPolicy"):
        yield from _admitted(found, policy)


def _called(container: Container) -> Iterator[PortName]:
    names = tuple(_names(container))
    for call in _CALLS:
        for kind in ("httpGet", "tcpSocket"):
            port = dig(container.body, *call, kind, "port")
            if isinstance(port, str) and not port.isdigit():
                path = (*container.path, *call, kind, "port")
                whose = f"container `{container.name}`"
                yield PortName(
                    container.workload, path, port, whose, names, f"`{call[-1]}` always fails"
                )


def _names(container: Container) -> Iterator[str]:
    return (str(port["name"]) for _, port in container.ports() if port.get("name"))


def _routed(found: Manifests, ingress: Manifest) -> Iterator[PortName]:
    for path, backend in backends(ingress):
        service = mapping(backend.get("service"))
        name = service.get("name") or backend.get("serviceName")
        ports = [
            port
            for each in found.of("Service")
            if each.name == name and found.together(ingress, each)
            for _, port in items(each.get("spec", "ports"))
        ]
        at, port = _wanted(backend)
        if ports and isinstance(port, str | int):
            there = tuple(str(p[key]) for p in ports for key in ("name", "port") if p.get(key))
            yield PortName(
                ingress, (*path, *at), port, f"Service {name}", there, "no request gets there"
            )


def _wanted(backend: Mapping[str, Any]) -> tuple[Path, Any]:
    port = mapping(dig(backend, "service", "port"))
    for key in ("name", "number"):
        if key in port:
            return ("service", "port", key), port[key]
    return ("servicePort",), backend.get("servicePort")


def _admitted(found: Manifests, policy: Manifest) -> Iterator[PortName]:
    """The named ports of what a policy admits, among those of all pods that it selects."""
    pods = [
        each
        for each in found.workloads()
        if found.together(policy, each)
        and selects(policy.get("spec", "podSelector"), pod_labels(each))
    ]
    there = tuple(name for each in pods for one in containers(each) for name in _names(one))
    if not pods or found.elsewhere(policy, *KINDS):
        return
    whose = ", ".join(map(str, pods[:3]))
    for rule, each in items(policy.get("spec", "ingress")):
        for index, entry in items(each.get("ports")):
            port = entry.get("port")
            if isinstance(port, str) and not port.isdigit():
                path = ("spec", "ingress", rule, "ports", index, "port")
                yield PortName(policy, path, port, whose, there, "the rule admits nothing")
