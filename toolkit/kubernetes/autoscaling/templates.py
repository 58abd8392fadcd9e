"""What of a workload's manifest counts for an autoscaler."""

from __future__ import annotations

from toolkit.kubernetes import workloads
from toolkit.kubernetes.autoscaling.observation import Container, PodTemplate
from toolkit.kubernetes.manifests import Manifest, mapping
from toolkit.kubernetes.quantities import amount, is_quantity, milli


def template_of(workload: Manifest) -> PodTemplate:
    """The containers that stay, init containers that are restarted among them, and requests.

    The workload must be one of `toolkit.kubernetes.workloads.workloads`.
    """
    path = workloads.pod_path(workload)
    staying = [each for each in workloads.containers(workload) if each.stays]
    requests = mapping(workload.get(*path, "spec", "resources", "requests"))
    return PodTemplate(
        tuple(_container(each) for each in staying if not each.init),
        tuple(_container(each) for each in staying if each.init),
        {name: milli(amount(stated)) for name, stated in requests.items() if is_quantity(stated)},
    )


def _container(container: workloads.Container) -> Container:
    requests = {resource: container.request(resource) for resource in ("cpu", "memory")}
    known = {name: milli(stated) for name, stated in requests.items() if stated is not None}
    return Container(container.name, known)
