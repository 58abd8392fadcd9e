"""A scrape speaks another protocol than the port it asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.checks import check
from toolkit.evidence.metrics.monitors import Monitors, ScrapeEndpoint, monitors
from toolkit.evidence.metrics.operated import scraped_ports
from toolkit.findings import Finding, Mark, Subject
from toolkit.kubernetes.manifests import dig
from toolkit.kubernetes.workloads import Container
from toolkit.model.expectations.kubernetes import KubernetesExpectation

_PROBES = ("readinessProbe", "livenessProbe", "startupProbe")


@check(expects=KubernetesExpectation, queries=monitors)
def scrape_scheme(expected: KubernetesExpectation, observed: Monitors) -> Iterator[Finding]:
    """Every monitor scrapes by the protocol that the port speaks: HTTP or HTTPS.

    ## Why it matters
    A port speaks one of the two. Where the kubelet's probe asks it by HTTP and is answered, a
    scrape by HTTPS ends with an error of TLS: the target is down, and it has no metrics.

    ## How to fix it
    Write the `scheme:` of the probe at the same port, or leave both out: the default is HTTP.

    ## Reference
    https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.Endpoint
    """
    for endpoint in observed.endpoints():
        scheme = str(endpoint.get("scheme") or "http").upper()
        for container, port in scraped_ports(observed, endpoint):
            probe = next(_asking(container, port), None)
            if probe and str(dig(container.body, *probe, "scheme") or "HTTP").upper() != scheme:
                yield _finding(endpoint, scheme, container, probe)
                break


def _asking(container: Container, port: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The probes of a container that ask a port by HTTP or HTTPS."""
    for name in _PROBES:
        asked = dig(container.body, name, "httpGet", "port")
        if asked is not None and asked in (port.get("name"), port.get("containerPort")):
            yield name, "httpGet"


def _finding(
    endpoint: ScrapeEndpoint, scheme: str, container: Container, probe: tuple[str, str]
) -> Finding:
    other = "HTTP" if scheme == "HTTPS" else "HTTPS"
    return Finding(
        what=f"{endpoint.monitor} scrapes by {scheme} a port that speaks {other}",
        where=endpoint.monitor.locate_value(*endpoint.path, "scheme"),
        why=f"the {probe[0]} of container `{container.name}` asks the same port by {other}",
        fix=f"write `scheme: {other.lower()}`.",
        marks=(Mark("probe", container.locate(*probe)),),
        breaks=(Subject("monitor", f"{endpoint.monitor}"),),
    )
