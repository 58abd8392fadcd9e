"""The autoscaler of a contract, decoded, and the properties of its pods."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from toolkit.errors import InputError
from toolkit.evidence.kubernetes.manifests import Manifests, Scaler, manifests
from toolkit.evidence.kubernetes.scale_targets import wrong_target
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
from toolkit.kubernetes.autoscaling.spec import Flags, Metric, Spec
from toolkit.kubernetes.gates import version_of
from toolkit.kubernetes.manifests import Manifest, dotted, items
from toolkit.kubernetes.quantities import milli
from toolkit.kubernetes.validation import refusals
from toolkit.kubernetes.workloads import containers
from toolkit.languages.positioned import Path
from toolkit.model.contract import Scope
from toolkit.model.expectations.scaling import ScalingExpectation
from toolkit.model.queries import Answer, Derived, Query

_RESOURCES = ("cpu", "memory")
_TOLERANCE_SINCE = (1, 35)
"""The version from which on the gate HPAConfigurableTolerance is open."""
_METRIC_RESOLUTION = 15_000
"""Milliseconds between two samples of metrics-server with its default flags."""


@dataclass(frozen=True, slots=True)
class Scalable:
    """An autoscaler and the pods that it scales."""

    hpa: Autoscaler
    template: PodTemplate
    container: str
    """The container that the local service represents: the first one."""
    limit: int | None
    """Its CPU limit, in thousandths of a core."""
    declared_minimum: int
    """`minReplicas` of the manifest, which the contract may override for a run."""
    manifest: Manifest
    """The manifest of the autoscaler."""
    resolution: int = _METRIC_RESOLUTION
    """Milliseconds between two samples of the metrics API."""

    @property
    def metric(self) -> Metric:
        """The displayed metric: the first one on CPU, else the first."""
        metrics = self.hpa.spec.metrics
        return next((each for each in metrics if each.cpu), metrics[0])

    def remarks(self, speed: float) -> Iterator[str]:
        """Yield the differences between a run on this machine and the cluster."""
        yield f"1 s here is {speed:g} s for the autoscaler"
        if self.hpa.spec.minimum != self.declared_minimum:
            yield (
                f"`minReplicas` is {self.declared_minimum}; the contract uses "
                f"{self.hpa.spec.minimum} for this run"
            )
        if self.limit is not None:
            yield f"CPU is not throttled here: measurements are capped at the limit, {self.limit}m"
        if len(self.template.containers) + len(self.template.sidecars) > 1:
            yield f"the process represents the container `{self.container}`; others use nothing"

    @property
    def unit(self) -> str:
        """The unit of the target: per cent of the request, or thousandths."""
        return "%" if self.metric.target.type == "Utilization" else "m"

    @property
    def most(self) -> int | None:
        """The maximum of the displayed metric due to the limit, in the unit of its target."""
        if self.limit is None or not self.metric.cpu:
            return None
        if self.metric.target.type != "Utilization":
            return self.limit
        requested = self.template.request("cpu", self.metric.container)
        return self.limit * 100 // requested if isinstance(requested, int) and requested else None

    @property
    def acting(self) -> Scalable:
        """The autoscaler with the minimum of the run instead of the manifest's."""
        return replace(self, declared_minimum=self.hpa.spec.minimum)

    @property
    def deployed(self) -> Spec:
        """The spec of the manifest, whatever the contract overrides."""
        return replace(self.hpa.spec, minimum=self.declared_minimum)

    def settings(self, startup: float) -> ClusterSettings:
        """Return the cluster: metrics-server with defaults, pods that need ``startup`` seconds."""
        return ClusterSettings(
            self.hpa.flags,
            self.template,
            max(1, self.declared_minimum),
            self.resolution,
            ready_after=round(startup * 1000),
        )

    def reach(self, goal: int, startup: float) -> Deadline | Unreachable:
        """Return the latest time at which as many replicas serve.

        A limit that keeps usage within the tolerance is another fault than a slow autoscaler.

        Args:
            goal: Number of replicas.
            startup: Seconds until a new pod serves.
        """
        spec, ratio = self.deployed, None
        if self.most is not None and len(spec.metrics) == 1:
            ratio = self.most / self.metric.target.number
            ratio = ratio if ratio > spec.tolerance(self.hpa.flags).highest else None
        return derive_reach(spec, self.settings(startup), goal, ratio)

    def back(self, top: int, goal: int) -> Deadline | Unreachable:
        """Return the latest time at which ``top`` replicas without load are down to ``goal``."""
        return derive_back(self.deployed, self.settings(0), top, goal)

    def metrics(self, at: int, cpu: int, memory: int) -> PodMetrics:
        """Return the response of metrics-server for a pod.

        Args:
            at: The time of the sample, in milliseconds.
            cpu: Usage in thousandths of a core.
            memory: Usage in bytes.
        """
        known = {"cpu": cpu, "memory": memory * 1000}
        if self.limit is not None:
            known["cpu"] = min(cpu, self.limit)
        named = (*self.template.containers, *self.template.sidecars)
        usage = {
            each.name: known if each.name == self.container else dict.fromkeys(_RESOURCES, 0)
            for each in named
        }
        return PodMetrics(at, _METRIC_RESOLUTION, usage)


def scalable(
    expected: ScalingExpectation, observed: Manifests, versions: Sequence[str] = ()
) -> Scalable:
    """Return the autoscaler that ``expected`` names, decoded.

    Args:
        expected: The name of the autoscaler, and its minimum for a run.
        observed: All manifests.
        versions: The versions of Kubernetes, such as ``1.34``.

    Raises:
        InputError: There is not exactly one, or it or its workload is invalid.
    """
    scaler = _chosen(expected, observed)
    if wrong := wrong_target(scaler, observed):
        raise InputError(wrong)
    for error in refusals(scaler.hpa.written):
        if not _at_zero(scaler.hpa, error.path):
            part = f"`{dotted(error.path)}`"
            raise InputError(_refused(scaler.hpa, f"the API server refuses {part}", error.path))
    workload = scaler.template
    if workload is None:
        raise InputError(_refused(scaler.hpa, "it scales a workload that is not in the manifests"))
    try:
        spec, template = decode_autoscaler(scaler.hpa.body), template_of(workload)
    except (AttributeError, TypeError, ValueError) as error:
        raise InputError(_refused(scaler.hpa, f"it is invalid: {error}")) from error
    if not template.containers:
        raise InputError(_refused(workload, "it has no containers"))
    declared = spec.minimum
    if expected.minimum is not None:
        spec = replace(spec, minimum=expected.minimum)
    first = next(each for each in containers(workload) if not each.init)
    limit = first.limit("cpu")
    return Scalable(
        Autoscaler(spec, _flags(versions), observed.namespace_of(scaler.hpa)),
        template,
        first.name,
        None if limit is None else milli(limit),
        declared,
        scaler.hpa,
    )


@dataclass(frozen=True, slots=True)
class AutoscalerIn(Derived[Scalable]):
    """Decode the autoscaler of a contract from its manifests."""

    expected: ScalingExpectation
    manifests: Query[Manifests]
    versions: tuple[str, ...] = ()

    def derive(self, found: Answer[Manifests]) -> Answer[Scalable]:
        scaled = scalable(self.expected, found.evidence, self.versions)
        return Answer(scaled, found.origin, 1, "autoscalers")


def autoscaler(expected: ScalingExpectation, scope: Scope) -> Query[Scalable] | None:
    """Return the query for the autoscaler of a contract; None without manifests."""
    kubernetes = scope.contract.kubernetes
    found = manifests(kubernetes, scope) if kubernetes else None
    return AutoscalerIn(expected, found, kubernetes.versions) if kubernetes and found else None


def seconds_back(scalable: Scalable, replicas: int) -> float:
    """Return the seconds in which ``replicas`` without load are scaled in to the minimum.

    Infinite if they are never scaled in.
    """
    found = scalable.acting.back(replicas, max(1, scalable.hpa.spec.minimum))
    return found.total / 1000 if isinstance(found, Deadline) else math.inf


def _chosen(expected: ScalingExpectation, observed: Manifests) -> Scaler:
    scalers = list(observed.scalers)
    named = [each for each in scalers if expected.autoscaler in (None, each.hpa.name)]
    if len(named) == 1:
        return named[0]
    names = ", ".join(f"`{each.hpa.name}`" for each in scalers)
    raise InputError.of(
        what=f"the manifests have {len(named) or 'no'} HorizontalPodAutoscaler"
        + (f" with the name `{expected.autoscaler}`" if expected.autoscaler else ""),
        where=expected.declared,
        why=f"exactly one is needed; the manifests have {names or 'none'}",
        fix="name it in `scaling.autoscaler`." if scalers else "add one to the manifests.",
    )


def _at_zero(hpa: Manifest, path: Path) -> bool:
    """Return True for a minimum of 0 that the gate HPAScaleToZero lets pass."""
    types = {metric.get("type") for _, metric in items(hpa.get("spec", "metrics"))}
    zero = path == ("spec", "minReplicas") and hpa.get(*path) == 0
    return zero and not types.isdisjoint({"Object", "External"})


def _flags(versions: Sequence[str]) -> Flags:
    oldest = min(map(version_of, versions), default=(0, 0))
    return Flags(configurable_tolerance=oldest >= _TOLERANCE_SINCE)


def _refused(manifest: Manifest, why: str, path: Path = ("metadata", "name")) -> Finding:
    return Finding(
        what=f"{manifest} cannot be scaled",
        where=manifest.locate_value(*path),
        why=why,
        fix="run `toolkit scale --why`, which reads the manifests only.",
    )
