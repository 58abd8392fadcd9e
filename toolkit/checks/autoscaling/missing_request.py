"""An autoscaler needs a request that a container does not make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.checks import check
from toolkit.checks.manifests._asking import of_manifests
from toolkit.evidence.manifests import Manifests, Scaler
from toolkit.findings import Finding
from toolkit.kubernetes.manifests import dig
from toolkit.kubernetes.workloads import Container, containers
from toolkit.model.expectations.kubernetes import KubernetesExpectation

__all__ = ["missing_request"]


@check(expects=KubernetesExpectation, asks=of_manifests)
def missing_request(expected: KubernetesExpectation, observed: Manifests) -> Iterator[Finding]:
    """Every container that counts for a utilization requests that resource.

    ## Why it matters
    Utilization is usage divided by request. One container without the request, a sidecar
    even, makes the metric of the whole workload unknown: `<unknown>/50%`, and no scaling.

    ## How to fix it
    Set `resources.requests` on every container, or measure one container only by a metric
    of type `ContainerResource`.

    ## Reference
    https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#support-for-resource-metrics
    """
    for scaler in observed.scalers():
        for index, metric in enumerate(scaler.hpa.get("spec", "metrics") or ()):
            for container in _counting(scaler, metric):
                yield from _judged(scaler, index, metric, container)


def _counting(scaler: Scaler, metric: Mapping[str, Any]) -> Iterator[Container]:
    """The containers whose requests a utilization is divided by."""
    source = _source(metric)
    if scaler.target is None or dig(source, "target", "type") != "Utilization":
        return
    for container in containers(scaler.target):
        named = source.get("container")
        if container.stays and named in (None, container.name):
            yield container


def _source(metric: Mapping[str, Any]) -> Mapping[str, Any]:
    return metric.get("resource") or metric.get("containerResource") or {}


def _judged(
    scaler: Scaler, index: int, metric: Mapping[str, Any], container: Container
) -> Iterator[Finding]:
    resource = str(_source(metric).get("name"))
    if container.request(resource) is not None:
        return
    yield Finding(
        what=f"{container.name} of {container.workload} requests no {resource}",
        where=container.locate("name"),
        why=f"{scaler.hpa.locate('spec', 'metrics', index)} scales by its utilization",
        fix=f"set `resources.requests.{resource}` on it.",
        breaks=(f"request {container.workload}",),
    )
