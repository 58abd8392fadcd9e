"""The replicas that a load needs, by its metrics alone."""

from __future__ import annotations

import math
from collections.abc import Sequence

from toolkit.kubernetes.autoscaling.observation import ContainerRequests, PodTemplate
from toolkit.kubernetes.autoscaling.simulation import ClusterSettings, Load
from toolkit.kubernetes.autoscaling.spec import Metric, Spec
from toolkit.kubernetes.autoscaling.trace import Busy

_INSTANT = 1_000
"""Milliseconds between two samples of a load without metric resolution."""


def busy(spec: Spec, load: Load, settings: ClusterSettings, goal: int, until: int) -> Busy | None:
    """Return the time of a load that needs ``goal`` replicas, until it needs the minimum only.

    If the replicas do not share the load, all above its lowest value is sufficient.

    Args:
        spec: The autoscaler.
        load: The traces of its metrics.
        settings: The cluster.
        goal: Number of replicas.
        until: The end of the simulation, in milliseconds.

    Returns:
        None if the load is never sufficient.
    """
    interval = settings.metric_resolution or _INSTANT
    wanted = demand(spec, load, settings, until)
    if wanted is None:
        traces = (load[metric.name].busy for metric in spec.metrics)
        return next((each for each in traces if each is not None), None)
    enough = (place for place, each in enumerate(wanted) if each >= max(goal, 1))
    begins = 0 if goal <= spec.minimum else next(enough, None)
    if begins is None:
        return None
    above = [place for place, each in enumerate(wanted) if each > spec.minimum]
    last = above[-1] if above else 0
    # A measurement at the end of an interval covers all of it.
    ends = last * interval if last + 1 < len(wanted) else None
    return Busy(max(0, begins - 1) * interval, ends)


def demand(spec: Spec, load: Load, settings: ClusterSettings, until: int) -> Sequence[int] | None:
    """Return the replicas that each measurement needs; the first is at time 0.

    Args:
        spec: The autoscaler.
        load: The traces of its metrics.
        settings: The cluster.
        until: The end of the simulation, in milliseconds.

    Returns:
        None if a metric does not determine them: one of an object with a target value, or one
        that each pod has for itself.
    """
    interval = settings.metric_resolution or _INSTANT
    asked = []
    for metric in spec.metrics:
        unit, trace = _per_replica(metric, settings.template), load[metric.name]
        if unit is None or not trace.shared:
            return None
        means = trace.means(interval, until)
        asked.append([math.ceil(_measured(metric, mean, unit)) for mean in means])
    return [max(each) for each in zip(*asked, strict=True)]


def _per_replica(metric: Metric, template: PodTemplate) -> int | None:
    """Return the usage of one replica at the target, or its request if that is in per cent."""
    if metric.target.type == "Value":
        return None
    if metric.target.type != "Utilization":
        return metric.target.number
    request = template.request(metric.name, metric.container)
    return None if isinstance(request, ContainerRequests) or not request else request


def _measured(metric: Metric, mean: int, unit: int) -> float:
    """Return replicas that are each at their target; per cent are whole, as in the controller."""
    if metric.target.type == "Utilization":
        return mean * 100 // unit / metric.target.number
    return mean / unit
