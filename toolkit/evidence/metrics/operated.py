"""The scrape jobs that the Prometheus Operator makes of monitors.

Source: `pkg/prometheus/promcfg.go` of prometheus-operator 0.8x.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.evidence.metrics.discovery import discovered, endpoints, pods, sanitized
from toolkit.evidence.metrics.monitors import Monitors, ScrapeEndpoint
from toolkit.kubernetes.manifests import Manifest, mapping
from toolkit.kubernetes.workloads import Container, containers
from toolkit.languages.positioned import PositionedNode
from toolkit.prometheus.scraping.configuration import (
    camel,
    custom_job,
    relabelings,
    settings,
    static_targets,
)
from toolkit.prometheus.scraping.jobs import ScrapeJob, Setting
from toolkit.prometheus.scraping.labels import Labels
from toolkit.prometheus.scraping.relabeling import Relabeling

_META = "__meta_kubernetes_"
_NAMES = {
    "metrics_path": "path",
    "scrape_interval": "interval",
    "scrape_timeout": "scrapeTimeout",
    "scheme": "scheme",
}
"""The settings of a job as an endpoint has them."""


def jobs_of_monitors(found: Monitors) -> Iterator[ScrapeJob]:
    """Yield the jobs of all monitors, probes and ScrapeConfigs."""
    for endpoint in found.endpoints():
        yield _endpoint_job(found, endpoint)
    for probe in found.manifests.of("Probe"):
        yield _probe_job(found, probe)
    for each in found.manifests.of("ScrapeConfig"):
        node = PositionedNode(each.document, ("spec",))
        space = found.manifests.namespace_of(each)
        yield custom_job(
            node, space, each.name, lambda kind, at: discovered(found.manifests, kind, at)
        )


def _endpoint_job(found: Monitors, endpoint: ScrapeEndpoint) -> ScrapeJob:
    monitor = endpoint.monitor
    node = PositionedNode(monitor.document, endpoint.path)
    space = found.manifests.namespace_of(monitor)
    over_service = monitor.kind == "ServiceMonitor"
    kind = "serviceMonitor" if over_service else "podMonitor"
    steps = _of_service(endpoint) if over_service else _of_pod(endpoint, space)
    known = {**_defaults(found), **settings(node, _NAMES)}
    limit = settings(PositionedNode(monitor.document, ("spec",)), {"sample_limit": "sampleLimit"})
    return ScrapeJob(
        f"{kind}/{space}/{monitor.name}/{endpoint.path[-1]}",
        monitor.locate(*endpoint.path),
        tuple(_found(found, endpoint)),
        (*steps, *relabelings(node, "relabelings", camel)),
        tuple(relabelings(node, "metricRelabelings", camel)),
        {**known, **limit},
        endpoint.get("honorLabels") is True,
        str(monitor),
    )


def _defaults(found: Monitors) -> dict[str, Setting]:
    """The interval of a Prometheus object, which its monitors have unless they state one."""
    servers = [PositionedNode(each.document, ("spec",)) for each in found.servers()]
    stated = [settings(each, {"scrape_interval": "scrapeInterval"}) for each in servers]
    return stated[0] if len(stated) == 1 else {}


def scraped_ports(
    found: Monitors, endpoint: ScrapeEndpoint
) -> Iterator[tuple[Container, Mapping[str, Any]]]:
    """Yield the containers that an endpoint scrapes, each with its port."""
    monitor = endpoint.monitor
    if monitor.kind == "ServiceMonitor":
        workloads = [w for each in found.services(monitor) for w in found.backing(each)]
    else:
        workloads = found.pods(monitor)
    known = {
        (each.get(f"{_META}pod_container_name"), each.get(f"{_META}pod_container_port_number"))
        for each in _found(found, endpoint)
    }
    for container in (c for each in workloads for c in containers(each)):
        for _, port in container.ports():
            if (container.name, str(port.get("containerPort"))) in known:
                yield container, port


def _found(found: Monitors, endpoint: ScrapeEndpoint) -> Iterator[Labels]:
    """The targets of an endpoint."""
    monitor, nothing = endpoint.monitor, True
    over_service = monitor.kind == "ServiceMonitor"
    selected = found.services(monitor) if over_service else found.pods(monitor)
    targets = endpoints if over_service else pods
    for each in targets(found.manifests, selected):
        if _at_port(endpoint, each):
            nothing = False
            yield each
    if nothing and not selected:
        yield _elsewhere(monitor, "service" if over_service else "pod")


def _elsewhere(monitor: Manifest, whose: str) -> Labels:
    """A target that is not in the files: it has the labels of the selector."""
    wanted = mapping(monitor.get("spec", "selector", "matchLabels"))
    known = {
        f"{_META}{whose}_label_{sanitized(str(name))}": str(value)
        for name, value in wanted.items()
    }
    return Labels({"__address__": None, **known}, "__meta_.*")


def _at_port(endpoint: ScrapeEndpoint, target: Labels) -> bool:
    prefix = "endpoint" if endpoint.monitor.kind == "ServiceMonitor" else "pod_container"
    wanted = {
        f"{prefix}_port_name": endpoint.get("port"),
        "pod_container_port_number": endpoint.get("portNumber"),
    }
    port = endpoint.get("targetPort")
    key = "pod_container_port_number" if isinstance(port, int) else "pod_container_port_name"
    if endpoint.get("port") is None and endpoint.get("portNumber") is None:
        wanted[key] = port
    return all(
        value is None or target.get(f"{_META}{name}") in (None, str(value))
        for name, value in wanted.items()
    )


def _copied(source: str, target: str, regex: str = "(.*)") -> Relabeling:
    return Relabeling(sources=(f"{_META}{source}",), target=target, regex=regex)


def _of_service(endpoint: ScrapeEndpoint) -> Iterator[Relabeling]:
    monitor = endpoint.monitor
    yield _copied("namespace", "namespace")
    yield _copied("service_name", "service")
    yield _copied("pod_name", "pod")
    yield _copied("pod_container_name", "container")
    yield from _labels(monitor, "targetLabels", "service")
    yield from _labels(monitor, "podTargetLabels", "pod")
    yield _copied("service_name", "job")
    yield from _job_label(monitor, "service")
    yield from _port(endpoint)


def _of_pod(endpoint: ScrapeEndpoint, namespace: str) -> Iterator[Relabeling]:
    monitor = endpoint.monitor
    yield _copied("namespace", "namespace")
    yield _copied("pod_container_name", "container")
    yield _copied("pod_name", "pod")
    yield from _labels(monitor, "podTargetLabels", "pod")
    yield Relabeling(target="job", replacement=f"{namespace}/{monitor.name}")
    yield from _job_label(monitor, "pod")
    yield from _port(endpoint)


def _labels(monitor: Manifest, key: str, whose: str) -> Iterator[Relabeling]:
    listed = monitor.get("spec", key)
    for name in listed if isinstance(listed, list) else ():
        label = sanitized(str(name))
        yield _copied(f"{whose}_label_{label}", label, "(.+)")


def _job_label(monitor: Manifest, whose: str) -> Iterator[Relabeling]:
    if name := monitor.get("spec", "jobLabel"):
        yield _copied(f"{whose}_label_{sanitized(str(name))}", "job", "(.+)")


def _port(endpoint: ScrapeEndpoint) -> Iterator[Relabeling]:
    port: Any = endpoint.get("port") or endpoint.get("targetPort")
    if port:
        yield Relabeling(target="endpoint", replacement=str(port))


def _probe_job(found: Monitors, probe: Manifest) -> ScrapeJob:
    spec = PositionedNode(probe.document, ("spec",))
    space = found.manifests.namespace_of(probe)
    name = f"probe/{space}/{probe.name}"
    static = spec.at("targets", "staticConfig")
    targets = [
        Labels({"namespace": space, **each.values, "instance": each.get("__address__")})
        for each in static_targets(static, "static")
    ]
    if spec.get("targets", "ingress") is not None:
        targets.append(Labels({"__address__": None}, "(?!__|job).*", sure=False))
    names = {"scrape_interval": "interval", "scrape_timeout": "scrapeTimeout"}
    prober = settings(spec.at("prober"), {"metrics_path": "path", "scheme": "scheme"})
    return ScrapeJob(
        str(spec.get("jobName") or name),
        probe.locate("spec"),
        tuple(targets),
        tuple(relabelings(static, "relabelingConfigs", camel)),
        tuple(relabelings(spec, "metricRelabelings", camel)),
        {**settings(spec, names), **prober},
        shown=str(probe),
    )
