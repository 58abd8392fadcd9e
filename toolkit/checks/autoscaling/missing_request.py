"""An autoscaler needs a request that a container does not make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from toolkit.checks import check
from toolkit.checks._manifests import of_autoscalers_and_cluster
from toolkit.evidence.kubernetes.manifests import Manifests, Scaler
from toolkit.findings import Finding, Location, Mark, Subject, Unproven
from toolkit.kubernetes.manifests import Manifest
from toolkit.kubernetes.requests import own, total
from toolkit.kubernetes.targets import ResourceTarget, targets
from toolkit.kubernetes.workloads import Container, containers, pod_spec
from toolkit.model.expectations.kubernetes import KubernetesExpectation


@check(expects=KubernetesExpectation, queries=of_autoscalers_and_cluster)
def missing_request(
    expected: KubernetesExpectation, observed: Manifests
) -> Iterator[Finding | Unproven]:
    """Every container that counts for a utilization requests that resource.

    ## Why it matters
    Utilization is usage divided by request. One container without the request, a sidecar
    even, makes the metric of the whole workload unknown: `<unknown>/50%`, and no scaling. So
    does a request of 0.
    Init containers that are restarted count, and so do sidecars that a webhook injects.

    ## How to fix it
    Set `resources.requests` on every container, or on the pod itself (Kubernetes 1.34), or
    measure one container only by a metric of type `ContainerResource`. Tell the contract of
    what is injected: `kubernetes.injected`.

    ## Reference
    https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#support-for-resource-metrics
    """
    for scaler in observed.scalers:
        for target in targets(scaler.hpa):
            if scaler.target is not None and target.utilization is not None:
                if not any(any(containers(each)) for each in scaler.measured):
                    yield _unknown(target, scaler.target)
                counting = [each for each in _counting(scaler, target) if each.stays]
                for container in counting:
                    if container.request(target.resource) is None:
                        yield _missing(target, container, scaler.target)
                if counting and all(each.request(target.resource) == 0 for each in counting):
                    yield _zero(target, counting[0], scaler.target)


def _unknown(target: ResourceTarget, scaled: Manifest) -> Unproven:
    return Unproven.of(
        what=f"the requests of {scaled}'s pods are not known",
        where=target.where,
        why=f"{target.hpa} scales by them, and no manifest here has their containers",
        fix="add the manifest with the template of the pods.",
    )


def _counting(scaler: Scaler, target: ResourceTarget) -> Iterable[Container]:
    """Each container once; where several pods have it, of one that requests nothing."""
    found: dict[str, Container] = {}
    for pod in scaler.measured:
        if target.container is None and _whole(pod, target.resource):
            continue
        for each in containers(pod):
            if target.container not in (None, each.name):
                continue
            if found.setdefault(each.name, each).request(target.resource) is not None:
                found[each.name] = each
    return found.values()


def _whole(workload: Manifest, resource: str) -> bool:
    """Return True if requests of the pod itself replace those of its containers."""
    spec = pod_spec(workload)
    return bool(own(spec, "requests")) and resource in total(spec, "requests")


def _missing(target: ResourceTarget, container: Container, scaled: Manifest) -> Finding:
    where = container.locate("resources", "requests")
    injected = where.source != container.workload.source
    key = f"{'' if injected else 'resources.'}requests.{target.resource}"
    return _finding(
        target,
        scaled,
        where,
        what=f"`{container.name}` of {container.workload} requests no {target.resource}",
        fix=f"set `{key}` on `{container.name}`.",
    )


def _zero(target: ResourceTarget, container: Container, scaled: Manifest) -> Finding:
    return _finding(
        target,
        scaled,
        container.locate("resources", "requests", target.resource),
        what=f"the pods of {container.workload} request 0 of {target.resource}",
        fix=f"set `resources.requests.{target.resource}` to what a pod uses under normal load.",
    )


def _finding(
    target: ResourceTarget, scaled: Manifest, where: Location, *, what: str, fix: str
) -> Finding:
    return Finding(
        what=what,
        where=where,
        why=f"{target.hpa} scales by its utilization, which is usage divided by request",
        fix=fix,
        marks=(Mark("scales", target.where),),
        breaks=(
            Subject("request", f"{target.resource} of {scaled}"),
            Subject("autoscaler", f"{target.hpa}"),
        ),
    )
