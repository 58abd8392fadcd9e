"""A monitor leads to nothing that Prometheus could scrape."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from toolkit.checks import check
from toolkit.checks.metrics._scraping import broken_links
from toolkit.evidence.metrics.monitors import (
    CHART,
    SELECTORS,
    Monitors,
    ScrapeEndpoint,
    monitors,
)
from toolkit.findings import Finding, Mark, Subject, Unproven
from toolkit.kubernetes.manifests import Manifest
from toolkit.kubernetes.selectors import selects, shown
from toolkit.model.expectations.kubernetes import KubernetesExpectation


@check(expects=KubernetesExpectation, queries=monitors)
def no_target(expected: KubernetesExpectation, observed: Monitors) -> Iterator[Finding | Unproven]:
    """Every monitor leads over a Service, its port and a container's port to the metrics.

    ## Why it matters
    A monitor that selects nothing is no error: Prometheus shows no target, and every metric
    of the service is simply not there.

    ## How to fix it
    A ServiceMonitor selects Services by the labels of the Service itself, and names one of
    the Service's ports. A Prometheus object takes up what its selectors match, and
    kube-prometheus-stack what has the label `release`.

    ## Reference
    https://prometheus-operator.dev/docs/developer/getting-started/#using-servicemonitors
    """
    endpoints = list(observed.endpoints())
    for endpoint in endpoints:
        yield from broken_links(observed, endpoint)
    yield from _paths(observed, endpoints)
    for manifest in observed.manifests.of(*SELECTORS):
        yield from _taken_up(observed, manifest)
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
        breaks=(Subject("monitor", f"{endpoint.monitor}"),),
    )


def _taken_up(observed: Monitors, manifest: Manifest) -> Iterator[Finding | Unproven]:
    """The selectors of Prometheus objects decide, and without one the release of the chart."""
    if any(observed.servers()):
        if servers := observed.passed_over(manifest):
            finding = _not_selected(manifest, servers[0])
            stated = all(e.get("spec", SELECTORS[manifest.kind]) is not None for e in servers)
            yield finding if stated else Unproven(finding)
    elif observed.operated and not observed.any_label:
        yield from _released(observed, manifest)


def _not_selected(manifest: Manifest, server: Manifest) -> Finding:
    key = SELECTORS[manifest.kind]
    selector = server.get("spec", key)
    wanted = shown(selector)
    why = f"{server} takes up `{wanted}`" if wanted else f"{server} has no `{key}`"
    fix = f"label it `{wanted}`." if wanted else f"give {server} `{key}: {{}}`, which takes all."
    if selects(selector, manifest.labels):
        key = key.replace("Selector", "NamespaceSelector")
        why = f"{server} looks for it in other namespaces"
        fix = f"give {server} `{key}: {{}}`, which looks into all, or move {manifest} to its own."
    return Finding(
        what=f"no Prometheus here takes up {manifest}",
        where=manifest.locate("metadata", "labels"),
        why=why,
        fix=fix,
        marks=(Mark("selector", server.locate("spec", key)),),
        breaks=(Subject("monitor", f"{manifest}"),),
    )


def _released(observed: Monitors, manifest: Manifest) -> Iterator[Finding | Unproven]:
    """The chart takes up monitors and rules that carry the name of its release."""
    held = manifest.labels.get("release")
    if held is not None and observed.release in (None, held):
        return
    release = observed.release or "<the helm release>"
    label = f"`release: {held}`" if held else "no label `release`"
    finding = Finding(
        what=f"{manifest} has {label}, so Prometheus ignores it",
        where=manifest.locate_value("metadata", "labels", "release"),
        why=f"{CHART} takes up what is labelled with its release's name",
        fix=f"label it `release: {release}`.",
        breaks=(Subject("monitor", f"{manifest}"),),
    )
    others = (e.labels.get("release") for e in observed.manifests.of(*SELECTORS))
    yield finding if observed.release or any(others) else Unproven(finding)


def _unwatched(expected: KubernetesExpectation, path: str) -> Finding:
    return Finding(
        what=f"no monitor leads to the metrics at `{path}`",
        where=expected.declared,
        why=f"{CHART} scrapes what a ServiceMonitor or PodMonitor names, and nothing else",
        fix="add a ServiceMonitor to the manifests.",
    )
