"""The objects of a deployment, and who refers to whom among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from toolkit.evidence.files import Files, FileSet, decode
from toolkit.kubernetes.manifests import Manifest, dig, parse_manifests
from toolkit.kubernetes.workloads import workloads
from toolkit.model.expectations.kubernetes import KubernetesExpectation
from toolkit.model.queries import Answer, Derived, Query

__all__ = ["Manifests", "ManifestsIn", "Scaler", "manifests"]


@dataclass(frozen=True, slots=True)
class Scaler:
    """A HorizontalPodAutoscaler, and the workload it scales; None where it dangles."""

    hpa: Manifest
    target: Manifest | None


@dataclass(frozen=True, slots=True)
class Manifests:
    """All objects of some files."""

    manifests: tuple[Manifest, ...]
    namespace: str = "default"

    def __iter__(self) -> Iterator[Manifest]:
        return iter(self.manifests)

    def of(self, *kinds: str) -> Iterator[Manifest]:
        """The objects of these kinds."""
        return (each for each in self.manifests if each.kind in kinds)

    def workloads(self) -> Iterator[Manifest]:
        """The objects that run pods."""
        return workloads(self.manifests)

    def namespace_of(self, manifest: Manifest) -> str:
        """The namespace an object goes to."""
        return manifest.namespace or self.namespace

    def together(self, one: Manifest, other: Manifest) -> bool:
        """Whether two objects are in the same namespace."""
        return self.namespace_of(one) == self.namespace_of(other)

    def scalers(self) -> Iterator[Scaler]:
        """Every autoscaler with its target."""
        for hpa in self.of("HorizontalPodAutoscaler"):
            wanted = hpa.get("spec", "scaleTargetRef") or {}
            found = (
                each
                for each in self.manifests
                if (each.kind, each.name) == (wanted.get("kind"), wanted.get("name"))
                and self.together(hpa, each)
            )
            yield Scaler(hpa, next(found, None))

    def replicas(self, workload: Manifest) -> int:
        """How many pods it may come to: what its autoscaler allows, else what it says itself."""
        for scaler in self.scalers():
            if scaler.target is workload:
                return int(scaler.hpa.get("spec", "maxReplicas") or 1)
        stated = workload.get("spec", "replicas")
        return 1 if stated is None else int(stated)


@dataclass(frozen=True, slots=True)
class ManifestsIn(Derived[Manifests]):
    """Read manifests."""

    files: Query[FileSet]
    namespace: str

    def parts(self) -> tuple[Query[Any], ...]:
        return (self.files,)

    def derive(self, files: Answer[FileSet]) -> Answer[Manifests]:
        found = tuple(
            manifest
            for file in files.evidence
            for manifest in parse_manifests(decode(file, "a manifest"), source=file.name)
            if dig(manifest.body, "kind")
        )
        return Answer(Manifests(found, self.namespace), files.origin, len(found), "manifests")


def manifests(expected: KubernetesExpectation) -> Query[Manifests] | None:
    """The objects the contract names; None where it names none."""
    if not expected.manifests:
        return None
    return ManifestsIn(
        Files(expected.manifests, expected.declared, "manifests"), expected.namespace
    )
