"""Two autoscalers act on one resource of the same pods, one of them vertically."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.checks._manifests import of_autoscalers
from toolkit.evidence.kubernetes.manifests import Manifests, Scaler
from toolkit.findings import Finding, Mark, Severity, Subject
from toolkit.kubernetes.manifests import Manifest, items
from toolkit.kubernetes.targets import ResourceTarget, targets
from toolkit.model.expectations.kubernetes import KubernetesExpectation

_GROUP = "autoscaling.k8s.io"
_EVERY = "*"


@check(expects=KubernetesExpectation, queries=of_autoscalers)
def vertical_conflict(expected: KubernetesExpectation, observed: Manifests) -> Iterator[Finding]:
    """No VerticalPodAutoscaler changes the requests that another autoscaler measures against.

    ## Why it matters
    Utilization is usage divided by request. Where load makes the one add pods, the other raises
    the request of each: the utilization falls, and the pods that were added are removed again.

    ## How to fix it
    Set `updateMode: "Off"`, which only recommends, restrict it by `controlledResources`, or scale
    by another metric.

    ## Reference
    https://github.com/kubernetes/autoscaler/blob/master/vertical-pod-autoscaler/docs/known-limitations.md
    """
    for vertical in observed.of("VerticalPodAutoscaler"):
        target = observed.named_by(vertical, "spec", "targetRef")
        if target is None or not vertical.api_version.startswith(f"{_GROUP}/"):
            continue
        for scaler in observed.scalers:
            if target in (scaler.target, scaler.template):
                yield from _judged(vertical, scaler)


def _judged(vertical: Manifest, scaler: Scaler) -> Iterator[Finding]:
    for target in targets(scaler.hpa):
        if _controls(vertical, target):
            by_value = target.utilization is None
            yield Finding(
                what=f"{vertical} changes the {target.resource} requests by which "
                f"{scaler.hpa} scales",
                where=vertical.locate("spec", "targetRef", "name"),
                why=f"both act on the {target.resource} of {scaler.target}, "
                f"with `updateMode: {_mode(vertical)}`",
                fix='set `updateMode: "Off"`, or take the resource out of `controlledResources`.',
                marks=(Mark("scales", target.where),),
                severity=Severity.WARNING if by_value else Severity.ERROR,
                breaks=(Subject("autoscaler", f"{scaler.hpa}"),),
            )


def _mode(vertical: Manifest) -> str:
    return str(vertical.get("spec", "updatePolicy", "updateMode") or "Auto")


def _controls(vertical: Manifest, target: ResourceTarget) -> bool:
    """Return True if it sets the request of some container that the target counts."""
    if _mode(vertical) == "Off":
        return False
    policies = {
        str(each.get("containerName")): each
        for _, each in items(vertical.get("spec", "resourcePolicy", "containerPolicies"))
    }
    if target.container is not None:
        chosen = [policies.get(target.container, policies.get(_EVERY, {}))]
    else:
        # Without a policy for all, containers that no policy names are controlled as well.
        chosen = [*policies.values(), *([] if _EVERY in policies else [{}])]
    return any(
        each.get("mode") != "Off"
        and target.resource in (each.get("controlledResources") or ("cpu", "memory"))
        for each in chosen
    )
