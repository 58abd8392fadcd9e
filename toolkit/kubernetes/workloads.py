"""Workloads: objects that run pods, their containers, and the requests of a pod."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from toolkit.findings import Location
from toolkit.kubernetes.manifests import Manifest, dig, items, mapping
from toolkit.kubernetes.quantities import amount, is_quantity
from toolkit.languages.positioned import Path

_TEMPLATES: Mapping[str, Path] = {
    "Deployment": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
    "DaemonSet": ("spec", "template"),
    "ReplicaSet": ("spec", "template"),
    "ReplicationController": ("spec", "template"),
    "Job": ("spec", "template"),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    "Pod": (),
    "Rollout": ("spec", "template"),
    "CloneSet": ("spec", "template"),
    "DeploymentConfig": ("spec", "template"),
}
_SCALED = {"": ("ReplicationController",), "apps": ("Deployment", "ReplicaSet", "StatefulSet")}
"""The kinds of Kubernetes that have a number of replicas to be set, by API group."""


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
        return str(self.body.get("name") or "")

    @property
    def image(self) -> str:
        """The image it runs, with its tag."""
        return str(self.body.get("image") or "")

    @property
    def sidecar(self) -> bool:
        """True for an init container that keeps running."""
        return self.init and self.body.get("restartPolicy") == "Always"

    @property
    def stays(self) -> bool:
        """True if it runs as long as the pod, and so counts for the autoscaler."""
        return not self.init or self.sidecar

    def request(self, resource: str) -> Decimal | None:
        """Return the request of ``cpu`` or ``memory``, in cores or bytes."""
        return _amount(dig(self.body, "resources", "requests", resource))

    def limit(self, resource: str) -> Decimal | None:
        """Return the limit of ``cpu`` or ``memory``, in cores or bytes."""
        return _amount(dig(self.body, "resources", "limits", resource))

    def ports(self) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """Yield its declared ports, each with its index."""
        return items(self.body.get("ports"))

    def environment(self) -> dict[str, str]:
        """Return the variables with literal values."""
        return {
            str(each.get("name")): str(each["value"])
            for _, each in items(self.body.get("env"))
            if each.get("value") is not None
        }

    def locate(self, *path: str | int) -> Location:
        """Return the place of a part of it, or of its name if there is no such part."""
        whole = (*self.path, *path)
        return self.workload.locate(*(whole if self.workload.has(*whole) else self._named()))

    def locate_value(self, *path: str | int) -> Location:
        """Return the place of a value in it, or of its name if there is no such value."""
        whole = (*self.path, *path)
        written = self.workload.has(*whole)
        return self.workload.locate_value(*whole) if written else self.locate()

    def _named(self) -> Path:
        return (*self.path, "name")


def _amount(stated: Any) -> Decimal | None:
    """Return a quantity; None if it is malformed, which is reported elsewhere."""
    return amount(stated) if is_quantity(stated) else None


KINDS = tuple(_TEMPLATES)
"""The kinds that run pods."""


def workloads(manifests: Iterable[Manifest]) -> Iterator[Manifest]:
    """Yield the objects that run pods, and do not leave that to another one."""
    return (e for e in manifests if e.kind in _TEMPLATES and not e.has("spec", "workloadRef"))


def has_scale(group: str, kind: str) -> bool:
    """Return True if objects of a kind of Kubernetes itself can be scaled.

    >>> has_scale("apps", "Deployment"), has_scale("apps", "DaemonSet")
    (True, False)
    """
    return kind in _SCALED.get(group, ())


def pod_path(workload: Manifest) -> Path:
    """Return the path of the pod in a workload; in unknown kinds, that of a Deployment."""
    return _TEMPLATES.get(workload.kind, ("spec", "template"))


def pod_labels(workload: Manifest) -> Mapping[str, Any]:
    """Return the labels of its pods."""
    return mapping(workload.get(*pod_path(workload), "metadata", "labels"))


def pod_spec(workload: Manifest) -> Mapping[str, Any]:
    """Return the spec of its pods."""
    return mapping(workload.get(*pod_path(workload), "spec"))


_UPDATES: Mapping[str, Path] = {
    "Deployment": ("spec", "strategy", "rollingUpdate"),
    "DaemonSet": ("spec", "updateStrategy", "rollingUpdate"),
    "Rollout": ("spec", "strategy", "canary"),
}


def surge(workload: Manifest, replicas: int) -> int:
    """Return the number of pods that a rolling update runs beside ``replicas``, at most.

    Without its defaults a Deployment is taken to replace pods where they are.
    """
    if workload.get("spec", "strategy", "blueGreen") is not None:
        return replicas
    rolling = mapping(workload.get(*_UPDATES.get(workload.kind, ("spec", "none"))))
    stated = str(rolling.get("maxSurge", "25%" if workload.kind == "Rollout" else 0))
    part = Decimal(replicas) / 100 if stated.endswith("%") else Decimal(1)
    number = stated.removesuffix("%")
    return min(replicas, math.ceil(int(number) * part)) if number.isdigit() else 0


def volumes(workload: Manifest) -> Iterator[Mapping[str, Any]]:
    """Yield the volumes of its pods."""
    return (each for _, each in items(pod_spec(workload).get("volumes")))


def containers(workload: Manifest) -> Iterator[Container]:
    """Yield all containers of its pods, init containers first."""
    for key in ("initContainers", "containers"):
        path = (*pod_path(workload), "spec", key)
        for index, body in items(workload.get(*path)):
            yield Container(workload, (*path, index), body, init=key == "initContainers")
