"""An autoscaler measures a container that its pods do not have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches

from toolkit.checks import check
from toolkit.checks._manifests import of_autoscalers_and_cluster
from toolkit.evidence.kubernetes.manifests import Manifests, Scaler
from toolkit.findings import Finding, Subject, Unproven
from toolkit.kubernetes.selectors import alike
from toolkit.kubernetes.targets import ResourceTarget, targets
from toolkit.kubernetes.workloads import containers
from toolkit.model.expectations.kubernetes import KubernetesExpectation

_INJECTED = ("istio-proxy", "linkerd-proxy", "daprd", "envoy", "vault-agent")
"""Containers that webhooks add to pods."""


@check(expects=KubernetesExpectation, queries=of_autoscalers_and_cluster)
def dangling_container(
    expected: KubernetesExpectation, observed: Manifests
) -> Iterator[Finding | Unproven]:
    """Every container that an autoscaler measures by itself is one of its pods' containers.

    ## Why it matters
    A metric of type `ContainerResource` names a container. The API server does not compare the
    name with anything: a container that was renamed makes the metric `<unknown>`, and nothing
    is scaled.

    ## How to fix it
    Name a container of the workload that keeps running. Tell the contract of what a webhook
    injects: `kubernetes.injected`.

    ## Reference
    https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#container-resource-metrics
    """
    for scaler in observed.scalers:
        for target in targets(scaler.hpa):
            if target.container is not None and scaler.measured:
                yield from _judged(scaler, target)


def _judged(scaler: Scaler, target: ResourceTarget) -> Iterator[Finding | Unproven]:
    name = str(target.container)
    pods = scaler.measured
    named = list(dict.fromkeys(e.name for pod in pods for e in containers(pod) if e.stays))
    if name in named or not named:
        return
    near = get_close_matches(name, named, n=1)
    finding = Finding(
        what=f"{target.hpa} measures the container `{name}`, which {scaler.target} does not have",
        where=target.hpa.locate_value(*target.path, "container"),
        why=f"its pods run {', '.join(f'`{each}`' for each in named)}",
        fix=f"did you mean `{near[0]}`?" if near else "name a container of the workload.",
        breaks=(Subject("autoscaler", f"{target.hpa}"),),
    )
    injected = name in _INJECTED and not scaler.pods and not (near and alike(near[0], name))
    fix = "declare it under `kubernetes: injected:` if a webhook adds it."
    yield Unproven(replace(finding, fix=fix)) if injected else finding
