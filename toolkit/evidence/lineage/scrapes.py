"""The exposition, and the monitors by which Prometheus scrapes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.evidence.kubernetes.manifests import Manifests
from toolkit.evidence.metrics.monitors import Monitors, ScrapeEndpoint
from toolkit.findings import Location, Subject
from toolkit.kubernetes.manifests import Manifest
from toolkit.model.contract import Contract
from toolkit.model.lineage import LineageBuilder, LineageNode

if TYPE_CHECKING:
    from toolkit.evidence.metrics.expositions import Expositions


def add_scrapes(
    builder: LineageBuilder, contract: Contract, found: Manifests | None, saved: Expositions | None
) -> list[LineageNode]:
    """Add the exposition, and the monitors that scrape it.

    Args:
        builder: The lineage to extend.
        contract: The contract.
        found: All manifests; None without any.
        saved: A saved scrape; None without one.

    Returns:
        The monitors that scrape its path; the exposition itself without any.
    """
    service = contract.service
    if service is None or service.metrics is None:
        return [builder.node("exposition", saved.source, Location(saved.source))] if saved else []
    exposition = builder.node("exposition", service.metrics, service.declared)
    if found is None:
        return [exposition]
    monitors = Monitors(found, service.metrics, operated=False)
    scraping = [each for each in monitors.endpoints() if each.metrics_path == service.metrics]
    return [_scrape(builder, monitors, each, exposition) for each in scraping] or [exposition]


def _scrape(
    builder: LineageBuilder, monitors: Monitors, endpoint: ScrapeEndpoint, exposition: LineageNode
) -> LineageNode:
    monitor = endpoint.monitor
    node = _object(builder, monitor, Subject("monitor", f"{monitor}"))
    selected = monitors.services(monitor) if monitor.kind == "ServiceMonitor" else []
    for service in selected:
        port = endpoint.get("port") or endpoint.get("targetPort")
        selects, opens = Subject("selector", f"{service}"), Subject("port", f"{port} of {service}")
        station = _object(builder, service, selects, opens)
        builder.edge(exposition, station)
        builder.edge(station, node)
    if not selected:
        builder.edge(exposition, node)
    return node


def _object(builder: LineageBuilder, manifest: Manifest, *subjects: Subject) -> LineageNode:
    where = manifest.locate("metadata", "name")
    return builder.node(manifest.kind, manifest.name, where, within=str(where), subjects=subjects)
