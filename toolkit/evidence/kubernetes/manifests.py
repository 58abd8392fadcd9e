"""The objects of a deployment, and the references among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from toolkit.errors import InputError
from toolkit.evidence.files import File, Files, FileSet, decode, read_each
from toolkit.evidence.kubernetes.injection import with_injected
from toolkit.findings import Finding
from toolkit.kubernetes.manifests import (
    Manifest,
    ManifestFile,
    is_custom,
    mapping,
    read_manifests,
)
from toolkit.kubernetes.selectors import selects
from toolkit.kubernetes.workloads import workloads
from toolkit.model.expectations.kubernetes import InjectedExpectation, KubernetesExpectation
from toolkit.model.queries import Answer, Derived, Query

_NO_MAKERS = ("ServiceMonitor", "PodMonitor", "PrometheusRule", "Probe")


@dataclass(frozen=True, slots=True)
class Scaler:
    """A HorizontalPodAutoscaler and the workload it scales; None if it does not exist."""

    hpa: Manifest
    target: Manifest | None
    pods: tuple[Manifest, ...] = ()
    """The running pods, if a cluster was queried."""

    @property
    def measured(self) -> tuple[Manifest, ...]:
        """The objects whose containers count: the running pods, else the workload."""
        return self.pods or ((self.target,) if self.target else ())


@dataclass(frozen=True, slots=True)
class Manifests:
    """All objects of some files."""

    manifests: tuple[Manifest, ...]
    namespace: str = "default"
    pods: tuple[Manifest, ...] = ()
    """The running pods, if a cluster was queried."""
    others: tuple[Finding, ...] = ()
    """Documents of the files that are not objects, each once."""

    def __iter__(self) -> Iterator[Manifest]:
        return iter(self.manifests)

    def of(self, *kinds: str) -> Iterator[Manifest]:
        """Yield the objects of these kinds."""
        return (each for each in self.manifests if each.kind in kinds)

    def workloads(self) -> Iterator[Manifest]:
        """Yield the objects that run pods."""
        return workloads(self.manifests)

    def namespace_of(self, manifest: Manifest) -> str:
        """Return the namespace of an object."""
        return manifest.namespace or self.namespace

    def together(self, one: Manifest, other: Manifest) -> bool:
        """Return True if two objects are in the same namespace."""
        return self.namespace_of(one) == self.namespace_of(other)

    def makers(self, manifest: Manifest) -> list[Manifest]:
        """Return the custom resources of a namespace, from which operators may create pods."""
        return [
            each
            for each in self.manifests
            if self.together(each, manifest) and is_custom(each) and each.kind not in _NO_MAKERS
        ]

    def scalers(self) -> Iterator[Scaler]:
        """Yield every autoscaler with its target."""
        for hpa in self.of("HorizontalPodAutoscaler"):
            wanted = mapping(hpa.get("spec", "scaleTargetRef"))
            found = (
                each
                for each in self.manifests
                if (each.kind, each.name) == (wanted.get("kind"), wanted.get("name"))
                and self.together(hpa, each)
            )
            target = next(found, None)
            yield Scaler(hpa, target, tuple(self._pods(target)) if target else ())

    def _pods(self, target: Manifest) -> Iterator[Manifest]:
        """Return the pods whose labels match the selector, whatever created them."""
        for each in self.pods:
            if self.together(each, target) and selects(
                target.get("spec", "selector"), each.labels
            ):
                yield each

    def scaler(self, workload: Manifest) -> Scaler | None:
        """Return the autoscaler of ``workload``."""
        return next((each for each in self.scalers() if each.target is workload), None)

    def replicas(self, workload: Manifest) -> int:
        """Return the maximum number of pods: that of the autoscaler, else the replicas.

        A DaemonSet has one on the one node of a budget.
        """
        scaler = self.scaler(workload)
        if scaler is not None:
            return _count(scaler.hpa.get("spec", "maxReplicas"))
        if workload.kind in ("Job", "CronJob"):
            inside = ("spec", "jobTemplate") if workload.kind == "CronJob" else ()
            return _count(workload.get(*inside, "spec", "parallelism"))
        return _count(workload.get("spec", "replicas"))


def _count(stated: Any) -> int:
    return stated if isinstance(stated, int) else 1


@dataclass(frozen=True, slots=True)
class ManifestsIn(Derived[Manifests]):
    """Parse manifests."""

    files: Query[FileSet]
    namespace: str
    injected: tuple[InjectedExpectation, ...] = ()

    def derive(self, files: Answer[FileSet]) -> Answer[Manifests]:
        read, faults = read_each(files.evidence, _read)
        found = tuple(with_injected(each, self.injected) for file in read for each in file.found)
        faults += tuple(each for file in read for each in file.faults)
        others = tuple(file.others[0] for file in read if file.others)
        if not found and (faults or others):
            raise InputError(*faults, *others)
        evidence = Manifests(found, self.namespace, others=others)
        return Answer(evidence, files.origin, len(found), "manifests", faults)


def _read(file: File) -> Iterator[ManifestFile]:
    yield read_manifests(decode(file, "a manifest"), source=file.name)


def manifests(expected: KubernetesExpectation) -> Query[Manifests] | None:
    """Return the query for the contract's objects; None if it has none."""
    if not expected.manifests:
        return None
    files = Files(expected.manifests, expected.declared, "manifests")
    return ManifestsIn(files, expected.namespace, expected.injected)
