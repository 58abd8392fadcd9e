"""When a load asks for how many replicas, as its metrics alone have it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from toolkit.kubernetes.autoscaling.observation import ContainerRequests, PodTemplate
from toolkit.kubernetes.autoscaling.simulation import ClusterSettings, Load
from toolkit.kubernetes.autoscaling.spec import Metric, Spec
from toolkit.kubernetes.autoscaling.trace import Busy

_INSTANT = 1_000
"""Milliseconds between two looks at a load that is measured at any moment."""


def busy(spec: Spec, load: Load, settings: ClusterSettings, goal: int, until: int) -> Busy | None:
    """From when a load is enough for ``goal`` replicas until it is enough for the minimum only.

    None if it never is enough. Where the replicas do not share a load, all above its lowest
    value is enough.
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
    # What is measured at the end of an interval has happened since its beginning.
    ends = last * interval if last + 1 < len(wanted) else None
    return Busy(max(0, begins - 1) * interval, ends)


def demand(spec: Spec, load: Load, settings: ClusterSettings, until: int) -> Sequence[int] | None:
    """How many replicas each measurement asks for, whatever there are; the first is at time 0.

    None if a metric does not tell: one of an object that is held to a value, or one that each
    pod has for itself.
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
    """What one replica uses at the target, or what it requests where that is in per cent."""
    if metric.target.type == "Value":
        return None
    if metric.target.type != "Utilization":
        return metric.target.number
    request = template.request(metric.name, metric.container)
    return None if isinstance(request, ContainerRequests) or not request else request


def _measured(metric: Metric, mean: int, unit: int) -> float:
    """Replicas of which each is at its target; per cent are whole, as in the controller."""
    if metric.target.type == "Utilization":
        return mean * 100 // unit / metric.target.number
    return mean / unit
