"""Monitors of the Prometheus Operator, and the Services and pods they select."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.evidence.files import Files, FileSet
from toolkit.evidence.kubernetes.manifests import Manifests, RelevantManifests, manifests
from toolkit.kubernetes.manifests import Manifest, items, mapping
from toolkit.kubernetes.selectors import selects
from toolkit.kubernetes.workloads import KINDS, containers, pod_labels
from toolkit.languages.positioned import Path
from toolkit.model.contract import Scope
from toolkit.model.expectations.kubernetes import KubernetesExpectation
from toolkit.model.queries import Answer, Derived, Query

CHART = "kube-prometheus-stack"
SELECTORS = {
    "ServiceMonitor": "serviceMonitorSelector",
    "PodMonitor": "podMonitorSelector",
    "PrometheusRule": "ruleSelector",
}
"""The keys of a Prometheus object that select what it takes up."""
_RELEASE = re.compile(rf"helm\s+(?:install|upgrade)\s+(?:-\S+\s+)*([\w.-]+)\s+\S*{CHART}")
_ANY_LABEL = re.compile(
    r"(?:serviceMonitor|podMonitor|rule)SelectorNilUsesHelmValues\s*[:=]\s*false"
)


@dataclass(frozen=True, slots=True)
class ScrapeEndpoint:
    """A port that a monitor scrapes."""

    monitor: Manifest
    path: Path

    def get(self, key: str) -> Any:
        """Return one of its settings."""
        return self.monitor.get(*self.path, key)

    @property
    def metrics_path(self) -> str:
        """The scraped path."""
        return str(self.get("path") or "/metrics")


@dataclass(frozen=True, slots=True)
class Monitors:
    """The monitors among some manifests, and what they depend on."""

    manifests: Manifests
    path: str | None
    """The path of the service's metrics; None if the contract has no such service."""
    operated: bool
    """True if Prometheus is installed by the chart, which scrapes only what monitors select."""
    release: str | None = None
    """The name of the chart's release, if a document contains it."""
    any_label: bool = False
    """True if the chart is configured to use monitors and rules with any labels."""

    def endpoints(self) -> Iterator[ScrapeEndpoint]:
        """Yield the endpoints of all monitors."""
        for kind, key in (("ServiceMonitor", "endpoints"), ("PodMonitor", "podMetricsEndpoints")):
            for monitor in self.manifests.of(kind):
                for index, _ in items(monitor.get("spec", key)):
                    yield ScrapeEndpoint(monitor, ("spec", key, index))

    def near(self, monitor: Manifest, *kinds: str) -> list[Manifest]:
        """Return the objects of these kinds in the namespaces that a monitor selects."""
        wanted = mapping(monitor.get("spec", "namespaceSelector"))
        listed = wanted.get("matchNames")
        names = listed if isinstance(listed, list) else []

        def inside(other: Manifest) -> bool:
            if wanted.get("any") is True:
                return True
            if not names:
                return self.manifests.together(monitor, other)
            return (other.namespace or self.manifests.namespace) in (None, *names)

        return [each for each in self.manifests.of(*kinds) if inside(each)]

    def servers(self) -> Iterator[Manifest]:
        """The Prometheus objects."""
        return self.manifests.of("Prometheus", "PrometheusAgent")

    def passed_over(self, monitor: Manifest) -> list[Manifest]:
        """The Prometheus objects if none of them takes up a monitor or rule."""
        servers = list(self.servers())
        return [] if any(self._takes_up(each, monitor) for each in servers) else servers

    def _takes_up(self, server: Manifest, monitor: Manifest) -> bool:
        """As the operator does: without a namespace selector it looks into its own namespace."""
        if all(server.get("spec", key) is None for key in SELECTORS.values()):
            return True  # Its configuration is not left to the operator.
        key = SELECTORS[monitor.kind]
        if not selects(server.get("spec", key), monitor.labels):
            return False
        spaces = server.get("spec", f"{key.removesuffix('Selector')}NamespaceSelector")
        if spaces is None:
            return self.manifests.together(server, monitor)
        named = [e for e in self.manifests.of("Namespace") if e.name == monitor.namespace]
        return not named or any(selects(spaces, each.labels) for each in named)

    def services(self, monitor: Manifest) -> list[Manifest]:
        """Return the Services that a ServiceMonitor selects by their labels."""
        selector = monitor.get("spec", "selector")
        return [each for each in self.near(monitor, "Service") if selects(selector, each.labels)]

    def pods(self, monitor: Manifest) -> list[Manifest]:
        """Return the workloads whose pods a PodMonitor selects."""
        selector = monitor.get("spec", "selector")
        near = self.near(monitor, *{each.kind for each in self.manifests.workloads()})
        return [each for each in near if selects(selector, pod_labels(each))]

    def neighbours(self, service: Manifest) -> list[Manifest]:
        """Return the workloads in the namespace of a Service."""
        found = self.manifests.workloads()
        return [each for each in found if self.manifests.together(service, each)]

    def unsure(self, service: Manifest) -> bool:
        """Return True if its pods may come from something outside the manifests."""
        elsewhere = self.manifests.elsewhere(service, *KINDS)
        return elsewhere or not self.neighbours(service)

    def backing(self, service: Manifest) -> list[Manifest]:
        """Return the workloads whose pods a Service selects."""
        selector = service.get("spec", "selector")
        return [each for each in self.neighbours(service) if selects(selector, pod_labels(each))]


def container_ports(workload: Manifest) -> list[Mapping[str, Any]]:
    """Return the declared ports of the containers of a workload."""
    return [port for container in containers(workload) for _, port in container.ports()]


@dataclass(frozen=True, slots=True)
class MonitorsIn(Derived[Monitors]):
    """Find the monitors, and the name of the chart's release."""

    manifests: Query[Manifests]
    documents: Query[FileSet]
    path: str | None
    operated: bool

    def derive(self, found: Answer[Manifests], documents: Answer[FileSet]) -> Answer[Monitors]:
        texts = [file.text.replace("\\\n", " ") for file in documents.evidence]
        releases = [name for text in texts for name in _RELEASE.findall(text)]
        evidence = Monitors(
            found.evidence,
            self.path,
            self.operated,
            releases[0] if releases else None,
            any(_ANY_LABEL.search(text) for text in texts),
        )
        number, unit = sum(1 for _ in evidence.endpoints()), "endpoints"
        if not number and self.operated and self.path:
            number, unit = found.sampled, "manifests"
        elif not number:
            number, unit = sum(1 for _ in found.evidence.of("PrometheusRule")), "rule objects"
        return Answer(evidence, found.origin, number, unit, promised=False)


def monitors(expected: KubernetesExpectation, scope: Scope) -> Query[Monitors] | None:
    """Return the query for the monitors of the contract's manifests; else None."""
    found, contract = manifests(expected, scope), scope.contract
    if found is None:
        return None
    globs = (*expected.images, *expected.manifests)
    return MonitorsIn(
        RelevantManifests(found, ("ServiceMonitor", "PodMonitor")),
        Files(globs, expected.declared, "files", optional=True),
        contract.service.metrics if contract.service else None,
        bool(contract.metrics and CHART in contract.metrics.external),
    )
