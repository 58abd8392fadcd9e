"""One metric of the pods, read out of what the metrics APIs returned."""

from __future__ import annotations

from toolkit.kubernetes.autoscaling.observation import (
    Container,
    Observation,
    ObservedPods,
    PodMetrics,
)
from toolkit.kubernetes.autoscaling.proposals import Gaps
from toolkit.kubernetes.autoscaling.readiness import Reading, Sample
from toolkit.kubernetes.autoscaling.spec import Metric


def read_pods(metric: Metric, observation: Observation) -> tuple[list[Reading], Gaps]:
    """The readings of a Resource, ContainerResource or Pods metric."""
    readings = [
        (each.count, each.pod, _sample(metric, each.metrics), _request(metric, each))
        for each in observation.pods
    ]
    strays = (_sample(metric, each) for each in observation.strays)
    values = [sample.value for sample in strays if sample is not None]
    return readings, Gaps(values, _missing_request(metric, observation.pods))


def _sample(metric: Metric, metrics: PodMetrics | None) -> Sample | None:
    value = None if metrics is None else _value(metric, metrics)
    return None if metrics is None or value is None else Sample(value, metrics.at, metrics.window)


def _value(metric: Metric, metrics: PodMetrics) -> int | None:
    """A pod's value, or None if any container that counts lacks it."""
    if metric.source == "Pods":
        return metrics.values.get(metric.name)
    if metric.container:
        return metrics.usage.get(metric.container, {}).get(metric.name)
    found = [usage.get(metric.name) for usage in metrics.usage.values()]
    known = [value for value in found if value is not None]
    return sum(known) if found and len(known) == len(found) else None


def _request(metric: Metric, observed: ObservedPods) -> int:
    if metric.target.type != "Utilization":
        return 0
    found = observed.template.request(metric.name, metric.container)
    return 0 if isinstance(found, Container) else found


def _missing_request(metric: Metric, pods: tuple[ObservedPods, ...]) -> str | None:
    """The fault of the first pod that lacks a request; a terminating one counts too."""
    if metric.target.type != "Utilization":
        return None
    # One such pod is enough to fail the whole metric.
    for each in pods:
        found = each.template.request(metric.name, metric.container)
        if isinstance(found, Container):
            return lacks_request(metric, found, each.pod.name)
    return None


def lacks_request(metric: Metric, container: Container, pod: str) -> str:
    """The fault of a pod whose container requests nothing of the resource."""
    return f"missing request for {metric.name} in container {container.name} of Pod {pod}"
