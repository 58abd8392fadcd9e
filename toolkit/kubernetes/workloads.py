"""Workloads: what runs pods, the containers of these pods, and what a pod asks of a node."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
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
        return str(self.body.get("name") or "")

    @property
    def image(self) -> str:
        """The image it runs, with its tag."""
        return str(self.body.get("image") or "")

    @property
    def sidecar(self) -> bool:
        """Whether it is an init container that stays."""
        return self.init and self.body.get("restartPolicy") == "Always"

    @property
    def stays(self) -> bool:
        """Whether it runs as long as the pod does, and so counts for the autoscaler."""
        return not self.init or self.sidecar

    def request(self, resource: str) -> Decimal | None:
        """What it requests, in cores or bytes; Kubernetes takes the limit where none is set."""
        stated = dig(self.body, "resources", "requests", resource)
        return self.limit(resource) if stated is None else _amount(stated)

    def states(self, resource: str) -> bool:
        """Whether it says itself what it requests, or leaves all requests to its limits."""
        requests = mapping(dig(self.body, "resources", "requests"))
        return resource in requests or (not requests and self.limit(resource) is not None)

    def limit(self, resource: str) -> Decimal | None:
        """The limit of ``cpu`` or ``memory``, in cores or bytes."""
        return _amount(dig(self.body, "resources", "limits", resource))

    def ports(self) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """Its declared ports, each with its index."""
        return items(self.body.get("ports"))

    def environment(self) -> dict[str, str]:
        """The variables that are set literally."""
        return {
            str(each.get("name")): str(each["value"])
            for _, each in items(self.body.get("env"))
            if each.get("value") is not None
        }

    def locate(self, *path: str | int) -> Location:
        """The place of a part of it, or of its name where that part is not there."""
        whole = (*self.path, *path)
        return self.workload.locate(*(whole if self.workload.has(*whole) else self._named()))

    def locate_value(self, *path: str | int) -> Location:
        """The place of a value in it, or of its name where that is not there."""
        whole = (*self.path, *path)
        written = self.workload.has(*whole)
        return self.workload.locate_value(*whole) if written else self.locate()

    def _named(self) -> Path:
        return (*self.path, "name")


def _amount(stated: Any) -> Decimal | None:
    """A quantity; what is none says nothing here, and is a fault of its own elsewhere."""
    return amount(stated) if is_quantity(stated) else None


def workloads(manifests: Iterable[Manifest]) -> Iterator[Manifest]:
    """The objects that run pods."""
    return (each for each in manifests if each.kind in _TEMPLATES)


def pod_path(workload: Manifest) -> Path:
    """Where in a workload the pod stands; the workload must be one of `workloads`."""
    return _TEMPLATES[workload.kind]


def pod_labels(workload: Manifest) -> Mapping[str, Any]:
    """The labels its pods have."""
    return mapping(workload.get(*pod_path(workload), "metadata", "labels"))


def pod_stated(workload: Manifest, key: str, resource: str) -> Decimal | None:
    """What ``requests`` or ``limits`` of the pod itself state of a resource.

    From Kubernetes 1.34 on they go before those of the containers.
    """
    return _amount(workload.get(*pod_path(workload), "spec", "resources", key, resource))


def volumes(workload: Manifest) -> Iterator[Mapping[str, Any]]:
    """The volumes of its pods."""
    return (each for _, each in items(workload.get(*pod_path(workload), "spec", "volumes")))


def containers(workload: Manifest) -> Iterator[Container]:
    """All containers of its pods, init containers first."""
    for key in ("initContainers", "containers"):
        path = (*pod_path(workload), "spec", key)
        for index, body in items(workload.get(*path)):
            yield Container(workload, (*path, index), body, init=key == "initContainers")


def pod_request(workload: Manifest, asked: Callable[[Container], Decimal | None]) -> Decimal:
    """What the scheduler reserves for one pod, of what ``asked`` says of each container.

    Containers run together, sidecars with them; other init containers run one by one before,
    each beside the sidecars that were started before it.
    """
    together = starting = sidecars = Decimal(0)
    for container in containers(workload):
        own = asked(container) or Decimal(0)
        if not container.stays:
            starting = max(starting, sidecars + own)
            continue
        together += own
        sidecars += own if container.sidecar else 0
    return max(together, starting)
