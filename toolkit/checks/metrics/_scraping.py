"""Where the way from a monitor over a Service to the pods ends before its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from toolkit.evidence.metrics.monitors import Monitors, ScrapeEndpoint, container_ports
from toolkit.findings import Finding, Mark, Subject, Unproven
from toolkit.kubernetes.manifests import Manifest, items, mapping
from toolkit.kubernetes.selectors import counterpart, resembles, shown
from toolkit.kubernetes.workloads import pod_labels


def broken_links(observed: Monitors, endpoint: ScrapeEndpoint) -> Iterator[Finding | Unproven]:
    """The first link that is missing: monitor → Service → port → pod, or monitor → pod → port."""
    if not isinstance(endpoint.monitor.get("spec", "selector"), Mapping):
        return
    if endpoint.monitor.kind == "ServiceMonitor":
        yield from _over_services(observed, endpoint)
    else:
        yield from _to_pods(observed, endpoint)


def _over_services(observed: Monitors, endpoint: ScrapeEndpoint) -> Iterator[Finding | Unproven]:
    monitor = endpoint.monitor
    services = observed.services(monitor)
    if not services:
        there = {each: _meant(each) for each in observed.manifests.of("Service")}
        yield _selects_nothing(observed, monitor, "Service", there)
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
    """Yield the faults up to the pods; those of the Service: manifests/selector-mismatch."""
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
        why="Prometheus scrapes the pods behind a Service, and it has none",
        fix="correct the selector or the port of the Service.",
        marks=(Mark("monitor", endpoint.monitor.locate(*endpoint.path)),),
        follows=(Subject("selector", f"{service}"), Subject("port", f"{target} of {service}")),
    )


def _meant(service: Manifest) -> Mapping[str, Any]:
    """Return labels by which a wrong selector is matched to the Service it means."""
    return {"name": service.name, **mapping(service.get("spec", "selector")), **service.labels}


def _to_pods(observed: Monitors, endpoint: ScrapeEndpoint) -> Iterator[Finding | Unproven]:
    monitor = endpoint.monitor
    workloads = observed.pods(monitor)
    if not workloads:
        there = {each: pod_labels(each) for each in observed.manifests.workloads()}
        yield _selects_nothing(observed, monitor, "pod", there)
        return
    ports = [port for workload in workloads for port in container_ports(workload)]
    wanted, key = _wanted(endpoint)
    if not any(wanted in (port.get("name"), port.get("containerPort")) for port in ports):
        named = [str(port.get("name", port.get("containerPort"))) for port in ports]
        yield _no_port(endpoint, key, wanted, named, ", ".join(map(str, workloads)))


def _selects_nothing(
    observed: Monitors,
    monitor: Manifest,
    what: str,
    there: Mapping[Manifest, Mapping[str, Any]],
) -> Finding | Unproven:
    """A slip, if there is something that is meant; else others may deploy what it selects."""
    selector = monitor.get("spec", "selector")
    near = observed.near(monitor, *{each.kind for each in there})
    meant = [each for each, labels in there.items() if resembles(selector, labels)]
    inside = [each for each in meant if each in near]
    finding = Finding(
        what=f"{monitor} selects no {what}: `{shown(selector)}`",
        where=monitor.locate("spec", "selector"),
        why=f"no {what} among the manifests is like that; something else may deploy it",
        fix=f"add the manifest of that {what}, or correct the selector.",
        breaks=(Subject("monitor", f"{monitor}"),),
    )
    if inside:
        each = inside[0]
        held = pod_labels(each) if what == "pod" else each.labels
        return replace(
            finding,
            why=f"{each} {counterpart(selector, held)}",
            fix=f"make the selector equal to the labels of the {what}.",
            marks=(Mark(each.kind.lower(), each.locate("metadata", "labels")),),
        )
    if meant:
        return replace(
            finding,
            why=f"{meant[0]} is in the namespace `{meant[0].namespace}`, where it does not look",
            fix=f"write `namespaceSelector: {{matchNames: [{meant[0].namespace}]}}`.",
        )
    return Unproven(finding)


def _no_port(
    endpoint: ScrapeEndpoint, key: str, wanted: Any, named: list[str], whose: str
) -> Finding:
    near = get_close_matches(str(wanted), named, n=1, cutoff=0.5)
    return Finding(
        what=f"{endpoint.monitor} wants port `{wanted}`, which {whose} does not have",
        where=endpoint.monitor.locate(*endpoint.path, key),
        why=f"the ports there are {', '.join(named) or 'none'}",
        fix=f"did you mean `{near[0]}`?" if near else f"name one of these as `{key}:`.",
        breaks=(Subject("monitor", f"{endpoint.monitor}"),),
    )
