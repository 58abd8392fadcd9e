"""An autoscaler counts the pods of other workloads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from toolkit.checks import check
from toolkit.checks._manifests import of_autoscalers_and_cluster
from toolkit.evidence.kubernetes.manifests import Manifests, Scaler
from toolkit.findings import Finding, Mark, Subject, Unproven
from toolkit.kubernetes.keda import takes_over
from toolkit.kubernetes.manifests import Manifest, mapping
from toolkit.kubernetes.selectors import selects, shown
from toolkit.kubernetes.workloads import pod_labels, pod_path
from toolkit.model.expectations.kubernetes import KubernetesExpectation

_HOOK = "helm.sh/hook"


@check(expects=KubernetesExpectation, queries=of_autoscalers_and_cluster)
def selector_overlap(
    expected: KubernetesExpectation, observed: Manifests
) -> Iterator[Finding | Unproven]:
    """The selector of what an autoscaler scales takes the pods of no other workload.

    ## Why it matters
    The controller averages all pods whose labels meet the selector, whoever made them. A Job or
    a hook of a chart that shares the labels moves the average, or makes the metric unknown where
    it lacks a request. Where two autoscalers take the same pod, neither scales.

    ## How to fix it
    Give each workload a label of its own, such as `app.kubernetes.io/component`, in the selector
    and in the pod template. A selector cannot be changed: label the other workload's pods
    otherwise, or make the workload anew.

    ## Reference
    https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details
    """
    scalers = [each for each in observed.scalers if each.template is not None]
    yield from _rivals(scalers, observed)
    for scaler in scalers:
        for other in observed.workloads():
            if _shared(scaler, other, observed):
                finding = _overlap(scaler, other, observed.scaler(other))
                sure = observed.surely_together(scaler.hpa, other)
                yield finding if sure else _in_one_namespace(finding, other)


def _rivals(scalers: list[Scaler], observed: Manifests) -> Iterator[Finding]:
    """Autoscalers of one workload."""
    for one, two in combinations(scalers, 2):
        if one.template is two.template and not observed.same(one.hpa, two.hpa):
            if takes_over(two.hpa, one.hpa):
                continue
            yield Finding(
                what=f"{one.hpa} and {two.hpa} scale the same {one.target}",
                where=two.hpa.locate("spec", "scaleTargetRef", "name"),
                why="each finds its pods taken by the other as well (`AmbiguousSelector`), and "
                "neither scales",
                fix="put the metrics of both into one autoscaler; the highest proposal wins.",
                marks=(Mark("first", one.hpa.locate("spec", "scaleTargetRef", "name")),),
                breaks=(Subject("autoscaler", f"{one.hpa}"), Subject("autoscaler", f"{two.hpa}")),
            )


def _shared(scaler: Scaler, other: Manifest, observed: Manifests) -> bool:
    target = scaler.template
    if target is None or other is target or observed.same(target, other):
        return False
    spaces = (target.namespace, other.namespace)
    if spaces[0] != spaces[1] and not observed.surely_together(target, other):
        return False
    selector = target.get("spec", "selector")
    # An empty selector matches everything, which the API server rejects.
    return bool(selector) and selects(selector, pod_labels(other))


def _overlap(scaler: Scaler, other: Manifest, rival: Scaler | None) -> Finding:
    target = scaler.template
    assert target is not None, "only what is scaled is compared"
    selector = target.get("spec", "selector")
    what = "a hook's pods count" if _HOOK in _annotations(other) else "they count"
    why = f"{what} for {scaler.hpa}, which averages all that the selector takes"
    if rival is not None:
        both = f"{scaler.hpa} and {rival.hpa}"
        why = f"both {both} take them (`AmbiguousSelector`), and neither scales"
    return Finding(
        what=f"pods of {other} meet the selector of {target}: `{shown(selector)}`",
        where=other.locate(*pod_path(other), "metadata", "labels"),
        why=why,
        fix=f"give the pods of {other} other labels: the selector of {target} cannot change.",
        marks=(Mark("selector", target.locate("spec", "selector")),),
        breaks=(Subject("autoscaler", f"{scaler.hpa}"),),
    )


def _in_one_namespace(finding: Finding, other: Manifest) -> Unproven:
    why = f"{finding.why}; whether they go to one namespace is not known"
    fix = f"name the namespace of {other}, or that of all under `kubernetes: namespace:`."
    return Unproven(replace(finding, why=why, fix=fix))


def _annotations(manifest: Manifest) -> dict[str, object]:
    return dict(mapping(manifest.get("metadata", "annotations")))
