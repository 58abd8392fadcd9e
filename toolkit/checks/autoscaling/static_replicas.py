"""A workload states its replicas although an autoscaler sets them."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.checks._manifests import of_autoscalers
from toolkit.evidence.kubernetes.manifests import Manifests
from toolkit.findings import Finding
from toolkit.kubernetes.manifests import dig
from toolkit.model.expectations.kubernetes import KubernetesExpectation


@check(expects=KubernetesExpectation, queries=of_autoscalers)
def static_replicas(expected: KubernetesExpectation, observed: Manifests) -> Iterator[Finding]:
    """No workload that an autoscaler scales states its number of replicas.

    ## Why it matters
    Every `kubectl apply` sets the number back: a deployment in the middle of a peak throws
    the service from ten replicas to one.

    ## How to fix it
    Take `replicas` out of the workload; the autoscaler's `minReplicas` is where it starts.

    ## Reference
    https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling
    """
    for scaler in observed.scalers:
        stated = dig(scaler.target.written, "spec", "replicas") if scaler.target else None
        if scaler.target is not None and stated is not None:
            yield Finding(
                what=f"{scaler.target} states `replicas: {stated}`, and {scaler.hpa} sets them",
                where=scaler.target.locate("spec", "replicas"),
                why=f"{scaler.hpa.locate('spec', 'scaleTargetRef')} scales it",
                fix="take `replicas` out of the workload.",
            )
