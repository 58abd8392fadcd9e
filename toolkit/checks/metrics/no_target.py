"""A monitor leads to nothing that Prometheus could scrape."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from toolkit.checks import check
from toolkit.checks.metrics._scraping import broken_links
from toolkit.evidence.metrics.monitors import CHART, Monitors, ScrapeEndpoint, monitors
from toolkit.findings import Finding
from toolkit.model.expectations.kubernetes import KubernetesExpectation


@check(expects=KubernetesExpectation, queries=monitors)
def no_target(expected: KubernetesExpectation, observed: Monitors) -> Iterator[Finding]:
    """Every monitor leads over a Service, its port and a container's port to the metrics.

    ## Why it matters
    A monitor that selects nothing is no error: Prometheus shows no target, and every metric
    of the service is simply not there.

    ## How to fix it
    A ServiceMonitor selects Services by the labels of the Service itself, and names one of
    the Service's ports. kube-prometheus-stack takes up what has the label `release`.

    ## Reference
    https://prometheus-operator.dev/docs/developer/getting-started/#using-servicemonitors
    """
    endpoints = list(observed.endpoints())
    for endpoint in endpoints:
        yield from broken_links(observed, endpoint)
    yield from _paths(observed, endpoints)
    yield from _labels(observed)
    if not endpoints and observed.operated and observed.path:
        yield _unwatched(expected, observed.path)


def _paths(observed: Monitors, endpoints: Sequence[ScrapeEndpoint]) -> Iterator[Finding]:
    """One endpoint at least must ask for the path at which the service shows its metrics."""
    asked = {each.metrics_path: each for each in endpoints}
    if not asked or observed.path is None or observed.path in asked:
        return
    path, endpoint = next(iter(asked.items()))
    yield Finding(
        what=f"{endpoint.monitor} asks for `{path}`, and the metrics are at `{observed.path}`",
        where=endpoint.monitor.locate_value(*endpoint.path, "path"),
        why="the contract names that path under `service: metrics:`",
        fix=f"write `path: {observed.path}`.",
        breaks=(f"monitor {endpoint.monitor}",),
    )


def _labels(observed: Monitors) -> Iterator[Finding]:
    """The chart takes up monitors and rules that carry the name of its release."""
    if not observed.operated or observed.any_label:
        return
    for manifest in observed.manifests.of("ServiceMonitor", "PodMonitor", "PrometheusRule"):
        held = manifest.labels.get("release")
        if held is not None and observed.release in (None, held):
            continue
        release = observed.release or "<the helm release>"
        says = f"`release: {held}`" if held else "no label `release`"
        yield Finding(
            what=f"{manifest} has {says}, so Prometheus passes it over",
            where=manifest.locate_value("metadata", "labels", "release"),
            why=f"{CHART} takes up what is labelled with its release's name",
            fix=f"label it `release: {release}`.",
            breaks=(f"monitor {manifest}",),
        )


def _unwatched(expected: KubernetesExpectation, path: str) -> Finding:
    return Finding(
        what=f"no monitor leads to the metrics at `{path}`",
        where=expected.declared,
        why=f"{CHART} scrapes what a ServiceMonitor or PodMonitor names, and nothing else",
        fix="add a ServiceMonitor to the manifests.",
    )
