"""An autoscaler scales something that does not exist."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from toolkit.checks import check
from toolkit.checks.manifests._asking import of_manifests
from toolkit.evidence.manifests import Manifests
from toolkit.findings import Finding
from toolkit.model.expectations.kubernetes import KubernetesExpectation

__all__ = ["dangling_target"]


@check(expects=KubernetesExpectation, asks=of_manifests)
def dangling_target(expected: KubernetesExpectation, observed: Manifests) -> Iterator[Finding]:
    """Every autoscaler scales a workload that is deployed with it.

    ## Why it matters
    The autoscaler is accepted whatever its target is called. It shows `<unknown>` and
    FailedGetScale, and the service stays at one replica under load.

    ## How to fix it
    Make `scaleTargetRef` name the workload: kind, name, and the same namespace.

    ## Reference
    https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/
    """
    for scaler in observed.scalers():
        if scaler.target is not None:
            continue
        wanted = scaler.hpa.get("spec", "scaleTargetRef") or {}
        names = sorted({each.name for each in observed.workloads()})
        near = get_close_matches(str(wanted.get("name")), names, n=1, cutoff=0.4)
        yield Finding(
            what=f"{scaler.hpa} scales `{wanted.get('name')}`, and nothing is called so",
            where=scaler.hpa.locate("spec", "scaleTargetRef", "name"),
            why=f"the workloads are {', '.join(names) or 'none'}",
            fix=f"did you mean `{near[0]}`?" if near else "name a workload that is deployed.",
            breaks=(f"scaler {scaler.hpa}",),
        )
