"""Workloads: what runs pods, and the containers of these pods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.findings import Location
from toolkit.kubernetes.manifests import Manifest, Path, dig

__all__ = ["Container", "containers", "pod_labels", "pod_path", "workloads"]

_TEMPLATES: Mapping[str, Path] = {
    "Deployment": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
    "DaemonSet": ("spec", "template"),
    "ReplicaSet": ("spec", "template"),
    "ReplicationController": ("spec", "template"),
    "Job": ("spec", "template"),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    "Pod": (),
}


@dataclass(frozen=True, slots=True)
class Container:
    """A container of a workload's pods."""

    workload: Manifest
    path: Path
    body: Mapping[str, Any]
    init: bool = False

    @property
    def name(self) -> str:
        """Its name within the pod."""
        return str(self.body.get("name", ""))

    @property
    def sidecar(self) -> bool:
        """Whether it is an init container that stays."""
        return self.init and self.body.get("restartPolicy") == "Always"

    @property
    def stays(self) -> bool:
        """Whether it runs as long as the pod does, and so counts for the autoscaler."""
        return not self.init or self.sidecar

    def request(self, resource: str) -> Any:
        """The request of ``cpu`` or ``memory``; Kubernetes takes the limit where none is set."""
        requests = dig(self.body, "resources", "requests", resource)
        return requests if requests is not None else self.limit(resource)

    def limit(self, resource: str) -> Any:
        """The limit of ``cpu`` or ``memory``, or None."""
        return dig(self.body, "resources", "limits", resource)

    def environment(self) -> dict[str, str]:
        """The variables that are set literally."""
        return {
            str(each.get("name")): str(each.get("value"))
            for each in self.body.get("env") or ()
            if each.get("value") is not None
        }

    def locate(self, *path: str | int) -> Location:
        """The place of a part of it."""
        return self.workload.locate(*self.path, *path)


def workloads(manifests: tuple[Manifest, ...]) -> Iterator[Manifest]:
    """The objects that run pods."""
    return (each for each in manifests if each.kind in _TEMPLATES)


def pod_path(workload: Manifest) -> Path:
    """Where in a workload the pod stands; the workload must be one of `workloads`."""
    return _TEMPLATES[workload.kind]


def pod_labels(workload: Manifest) -> Mapping[str, str]:
    """The labels its pods have."""
    return workload.get(*pod_path(workload), "metadata", "labels") or {}


def containers(workload: Manifest) -> Iterator[Container]:
    """All containers of its pods, init containers first."""
    for key in ("initContainers", "containers"):
        path = (*pod_path(workload), "spec", key)
        for index, body in enumerate(workload.get(*path) or ()):
            if isinstance(body, Mapping):
                yield Container(workload, (*path, index), body, init=key == "initContainers")
