"""The autoscaler that a contract means, decoded, and what its arithmetic needs of the pods."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from toolkit.errors import InputError
from toolkit.evidence.kubernetes.manifests import Manifests, Scaler
from toolkit.findings import Finding
from toolkit.kubernetes.autoscaling.controller import Autoscaler
from toolkit.kubernetes.autoscaling.deadlines import (
    Deadline,
    Unreachable,
    derive_back,
    derive_reach,
)
from toolkit.kubernetes.autoscaling.decoding import decode_autoscaler, template_of
from toolkit.kubernetes.autoscaling.observation import (
    PodMetrics,
    PodTemplate,
)
from toolkit.kubernetes.autoscaling.simulation import ClusterSettings
from toolkit.kubernetes.autoscaling.spec import Metric, Spec
from toolkit.kubernetes.manifests import Manifest
from toolkit.kubernetes.quantities import milli
from toolkit.kubernetes.workloads import containers
from toolkit.model.expectations.scaling import ScalingExpectation
from toolkit.model.queries import Answer, Derived, Query

_RESOURCES = ("cpu", "memory")
_METRIC_RESOLUTION = 15_000
"""Milliseconds between two samples of metrics-server, as it is installed."""


@dataclass(frozen=True, slots=True)
class Scalable:
    """An autoscaler and the pods that it scales."""

    hpa: Autoscaler
    template: PodTemplate
    container: str
    """The container that the service stands for: the first one."""
    limit: int | None
    """Its CPU limit, in thousandths of a core."""
    declared_minimum: int
    """What the manifest says, whatever the contract makes of it."""
    manifest: Manifest
    """The autoscaler as it stands there."""
    resolution: int = _METRIC_RESOLUTION
    """Milliseconds between two samples of the metrics API."""

    @property
    def metric(self) -> Metric:
        """The metric that is shown: the first of CPU, else the first."""
        metrics = self.hpa.spec.metrics
        return next((each for each in metrics if each.cpu), metrics[0])

    def remarks(self, speed: float) -> Iterator[str]:
        """In what a run on this machine is not as the cluster would be."""
        yield f"1 s here is {speed:g} s for the autoscaler"
        if self.hpa.spec.minimum != self.declared_minimum:
            yield (
                f"`minReplicas` is {self.declared_minimum}; the contract takes "
                f"{self.hpa.spec.minimum} for this run"
            )
        if self.limit is not None:
            yield f"CPU is not throttled here: what is measured is cut at the limit, {self.limit}m"
        if len(self.template.containers) + len(self.template.sidecars) > 1:
            yield f"the process stands for the container `{self.container}`; others use nothing"

    @property
    def unit(self) -> str:
        """The unit of the target: per cent of the request, or thousandths."""
        return "%" if self.metric.target.type == "Utilization" else "m"

    @property
    def most(self) -> int | None:
        """What the shown metric cannot pass because of the limit, in the unit of its target."""
        if self.limit is None or not self.metric.cpu:
            return None
        if self.metric.target.type != "Utilization":
            return self.limit
        requested = self.template.request("cpu", self.metric.container)
        return self.limit * 100 // requested if isinstance(requested, int) and requested else None

    @property
    def acting(self) -> Scalable:
        """The same with the minimum of the run for that of the manifest."""
        return replace(self, declared_minimum=self.hpa.spec.minimum)

    @property
    def deployed(self) -> Spec:
        """The spec as the manifest has it, whatever the contract makes of its minimum."""
        return replace(self.hpa.spec, minimum=self.declared_minimum)

    def settings(self, startup: float) -> ClusterSettings:
        """The cluster around it: metrics-server as installed, pods that take seconds to serve."""
        return ClusterSettings(
            self.hpa.flags,
            self.template,
            max(1, self.declared_minimum),
            self.resolution,
            ready_after=round(startup * 1000),
        )

    def reach(self, goal: int, startup: float) -> Deadline | Unreachable:
        """When as many replicas serve at the latest, of pods that take seconds to serve.

        A limit that holds usage within the tolerance is another fault than a slow autoscaler.
        """
        spec, ratio = self.deployed, None
        if self.most is not None and len(spec.metrics) == 1:
            ratio = self.most / self.metric.target.number
            ratio = ratio if ratio > spec.tolerance(self.hpa.flags).highest else None
        return derive_reach(spec, self.settings(startup), goal, ratio)

    def back(self, top: int, goal: int) -> Deadline | Unreachable:
        """When ``top`` replicas without load have become ``goal`` at the latest."""
        return derive_back(self.deployed, self.settings(0), top, goal)

    def metrics(self, at: int, cpu: int, memory: int) -> PodMetrics:
        """What metrics-server would say of a pod; ``cpu`` in thousandths, ``memory`` in bytes."""
        known = {"cpu": cpu, "memory": memory * 1000}
        if self.limit is not None:
            known["cpu"] = min(cpu, self.limit)
        named = (*self.template.containers, *self.template.sidecars)
        usage = {
            each.name: known if each.name == self.container else dict.fromkeys(_RESOURCES, 0)
            for each in named
        }
        return PodMetrics(at, _METRIC_RESOLUTION, usage)


def scalable(expected: ScalingExpectation, observed: Manifests) -> Scalable:
    """The autoscaler that ``expected`` names; raises `InputError` where it cannot be had."""
    scaler = _chosen(expected, observed)
    workload = scaler.target
    if workload is None:
        raise InputError(_refused(scaler.hpa, "it scales a workload that the manifests lack"))
    try:
        spec, template = decode_autoscaler(scaler.hpa.body), template_of(workload)
    except (AttributeError, TypeError, ValueError) as error:
        raise InputError(_refused(scaler.hpa, f"it cannot be read: {error}")) from error
    if not template.containers:
        raise InputError(_refused(workload, "it has no containers"))
    declared = spec.minimum
    if expected.minimum is not None:
        spec = replace(spec, minimum=expected.minimum)
    first = next(each for each in containers(workload) if not each.init)
    limit = first.limit("cpu")
    return Scalable(
        Autoscaler(spec, namespace=observed.namespace_of(scaler.hpa)),
        template,
        first.name,
        None if limit is None else milli(limit),
        declared,
        scaler.hpa,
    )


@dataclass(frozen=True, slots=True)
class AutoscalerIn(Derived[Scalable]):
    """Read the autoscaler that a contract means out of its manifests."""

    expected: ScalingExpectation
    manifests: Query[Manifests]

    def derive(self, found: Answer[Manifests]) -> Answer[Scalable]:
        return Answer(scalable(self.expected, found.evidence), found.origin, 1, "autoscalers")


def seconds_back(scalable: Scalable, replicas: int) -> float:
    """Seconds within which ``replicas`` without load come down to the minimum that the run has.

    Infinite where they never come down.
    """
    found = scalable.acting.back(replicas, max(1, scalable.hpa.spec.minimum))
    return found.total / 1000 if isinstance(found, Deadline) else math.inf


def _chosen(expected: ScalingExpectation, observed: Manifests) -> Scaler:
    scalers = list(observed.scalers())
    named = [each for each in scalers if expected.autoscaler in (None, each.hpa.name)]
    if len(named) == 1:
        return named[0]
    names = ", ".join(f"`{each.hpa.name}`" for each in scalers)
    raise InputError(
        Finding(
            what=f"the manifests have {len(named) or 'no'} HorizontalPodAutoscaler"
            + (f" called `{expected.autoscaler}`" if expected.autoscaler else ""),
            where=expected.declared,
            why=f"one must be meant; there are {names or 'none'}",
            fix="name it in `scaling.autoscaler`." if scalers else "add one to the manifests.",
        )
    )


def _refused(manifest: Manifest, why: str) -> Finding:
    return Finding(
        what=f"{manifest} cannot be scaled here",
        where=manifest.locate("metadata", "name"),
        why=why,
        fix="run `toolkit scale --why`, which looks at manifests only.",
    )
