"""An autoscaler's minimum is above its maximum."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.checks._manifests import of_autoscalers
from toolkit.evidence.kubernetes.manifests import Manifests
from toolkit.findings import Finding, Mark, Subject
from toolkit.model.expectations.kubernetes import KubernetesExpectation


@check(expects=KubernetesExpectation, queries=of_autoscalers)
def min_over_max(expected: KubernetesExpectation, observed: Manifests) -> Iterator[Finding]:
    """An autoscaler's `minReplicas` is not above its `maxReplicas`.

    ## Why it matters
    The API server refuses such an autoscaler, after it has taken all else of the release: the
    workload runs, and nothing scales it.

    ## How to fix it
    Raise `maxReplicas`, or lower `minReplicas`. Without `minReplicas` the minimum is 1.

    ## Reference
    https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/
    """
    for hpa in (each.hpa for each in observed.scalers):
        least, most = hpa.get("spec", "minReplicas"), hpa.get("spec", "maxReplicas")
        if not isinstance(least, int) or not isinstance(most, int) or least <= most:
            continue
        stated = hpa.has("spec", "minReplicas")
        whole = "" if stated else ", which is what holds where none is stated"
        yield Finding(
            what=f"{hpa} has at least {least} replicas and at most {most}",
            where=hpa.locate("spec", "maxReplicas"),
            why=f"`minReplicas` is {least}{whole}: the API server refuses the autoscaler",
            fix=f"raise `maxReplicas` to {least} or more, or lower `minReplicas`.",
            marks=(Mark("minimum", hpa.locate("spec", "minReplicas")),) if stated else (),
            breaks=(Subject("autoscaler", f"{hpa}"),),
        )
