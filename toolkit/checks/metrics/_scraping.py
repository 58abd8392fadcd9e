"""Where the way from a monitor over a Service to the pods ends before its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from toolkit.evidence.metrics.monitors import Monitors, ScrapeEndpoint, container_ports
from toolkit.findings import Finding, Mark
from toolkit.kubernetes.manifests import Manifest, items
from toolkit.kubernetes.selectors import counterpart, shown
from toolkit.kubernetes.workloads import pod_labels


def broken_links(observed: Monitors, endpoint: ScrapeEndpoint) -> Iterator[Finding]:
    """The first link that is missing: monitor → Service → port → pod, or monitor → pod → port."""
    if not isinstance(endpoint.monitor.get("spec", "selector"), Mapping):
        return
    if endpoint.monitor.kind == "ServiceMonitor":
        yield from _over_services(observed, endpoint)
    else:
        yield from _to_pods(observed, endpoint)


def _over_services(observed: Monitors, endpoint: ScrapeEndpoint) -> Iterator[Finding]:
    monitor = endpoint.monitor
    services = observed.services(monitor)
    if not services:
        near = observed.near(monitor, "Service")
        yield _selects_nothing(monitor, "Service", [(each, each.labels) for each in near])
        return
    ports = [(service, port) for service in services for _, port in _ports(service)]
    wanted, key = _wanted(endpoint)
    found = [
        (service, port) for service, port in ports if _is(observed, service, port, wanted, key)
    ]
    if not found:
        named = [str(port.get("name", port.get("port"))) for _, port in ports]
        yield _no_port(endpoint, key, wanted, named, ", ".join(map(str, services)))
    for service, port in found:
        yield from _behind(observed, endpoint, service, port)


def _ports(service: Manifest) -> Iterator[tuple[int, Mapping[str, Any]]]:
    return items(service.get("spec", "ports"))


def _wanted(endpoint: ScrapeEndpoint) -> tuple[Any, str]:
    """The port an endpoint names, and the key that names it."""
    for key in ("port", "targetPort", "portNumber"):
        if endpoint.get(key) is not None:
            return endpoint.get(key), key
    return None, "port"


def _is(
    observed: Monitors, service: Manifest, port: Mapping[str, Any], wanted: Any, key: str
) -> bool:
    if key == "port":
        return bool(port.get("name") == wanted)
    behind = [p for each in observed.backing(service) for p in container_ports(each)]
    return any(wanted in (each.get("name"), each.get("containerPort")) for each in behind)


def _behind(
    observed: Monitors, endpoint: ScrapeEndpoint, service: Manifest, port: Mapping[str, Any]
) -> Iterator[Finding]:
    """What is wrong between the Service and its pods is said by manifests/selector-mismatch."""
    workloads = observed.backing(service)
    if not workloads and observed.unsure(service):
        return
    target = port.get("targetPort", port.get("port"))
    there = [each for workload in workloads for each in container_ports(workload)]
    named = any(target in (each.get("name"), each.get("containerPort")) for each in there)
    if workloads and (named or isinstance(target, int)):
        return
    missing = f"port `{target}` is no port of its pods" if workloads else "it takes no pod"
    yield Finding(
        what=f"{endpoint.monitor} leads to {service}, and {missing}",
        where=service.locate("spec", "ports" if workloads else "selector"),
        why="Prometheus scrapes the pods behind a Service, and there is none",
        fix="correct the selector or the port of the Service.",
        marks=(Mark("monitor", endpoint.monitor.locate(*endpoint.path)),),
        follows=(f"selector {service}", f"port {target} of {service}"),
    )


def _to_pods(observed: Monitors, endpoint: ScrapeEndpoint) -> Iterator[Finding]:
    monitor = endpoint.monitor
    workloads = observed.pods(monitor)
    if not workloads:
        near = observed.near(monitor, *{each.kind for each in observed.manifests.workloads()})
        yield _selects_nothing(monitor, "pod", [(each, pod_labels(each)) for each in near])
        return
    ports = [port for workload in workloads for port in container_ports(workload)]
    wanted, key = _wanted(endpoint)
    if not any(wanted in (port.get("name"), port.get("containerPort")) for port in ports):
        named = [str(port.get("name", port.get("containerPort"))) for port in ports]
        yield _no_port(endpoint, key, wanted, named, ", ".join(map(str, workloads)))


def _selects_nothing(
    monitor: Manifest, what: str, there: list[tuple[Manifest, Mapping[str, Any]]]
) -> Finding:
    selector = monitor.get("spec", "selector")
    labels = "; ".join(f"{each} {counterpart(selector, found)}" for each, found in there[:3])
    return Finding(
        what=f"{monitor} selects no {what}: `{shown(selector)}`",
        where=monitor.locate("spec", "selector"),
        why=labels or f"there is no {what} in the namespaces it looks into",
        fix=f"make the selector equal to the labels of the {what}."
        if there
        else "name the namespace under `namespaceSelector: matchNames:`.",
        marks=tuple(
            Mark(each.kind.lower(), each.locate("metadata", "labels"))
            for each, _ in there
            if len(there) == 1
        ),
        breaks=(f"monitor {monitor}",),
    )


def _no_port(
    endpoint: ScrapeEndpoint, key: str, wanted: Any, named: list[str], whose: str
) -> Finding:
    near = get_close_matches(str(wanted), named, n=1, cutoff=0.5)
    return Finding(
        what=f"{endpoint.monitor} wants port `{wanted}`, which {whose} does not have",
        where=endpoint.monitor.locate(*endpoint.path, key),
        why=f"the ports there are {', '.join(named) or 'none'}",
        fix=f"did you mean `{near[0]}`?" if near else f"name one of these as `{key}:`.",
        breaks=(f"monitor {endpoint.monitor}",),
    )
