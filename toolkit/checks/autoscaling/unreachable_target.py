"""A limit keeps the usage below what would make the autoscaler act."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.checks import check
from toolkit.checks.manifests._asking import of_manifests
from toolkit.evidence.manifests import Manifests, Scaler
from toolkit.findings import Finding, Severity
from toolkit.kubernetes.manifests import dig
from toolkit.kubernetes.quantities import milli
from toolkit.kubernetes.workloads import containers
from toolkit.model.expectations.kubernetes import KubernetesExpectation

__all__ = ["unreachable_target"]

_TOLERANCE = 1.1
"""The controller does nothing up to this ratio of usage and target, itself included."""


@check(expects=KubernetesExpectation, asks=of_manifests)
def unreachable_target(expected: KubernetesExpectation, observed: Manifests) -> Iterator[Finding]:
    """Containers may use more than the autoscaler's target, so that it can be passed.

    ## Why it matters
    A container never uses more CPU than its limit. If the limit is below request × target,
    utilization stops short of the target: the service is throttled, and never scaled.

    ## How to fix it
    Raise or remove the CPU limit, or lower the target: it must be passed by more than the
    tolerance of 10 %.

    ## Reference
    https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details
    """
    for scaler in observed.scalers():
        for index, metric in enumerate(scaler.hpa.get("spec", "metrics") or ()):
            yield from _judged(scaler, index, metric)


def _judged(scaler: Scaler, index: int, metric: Mapping[str, Any]) -> Iterator[Finding]:
    source = metric.get("resource") or metric.get("containerResource") or {}
    resource, target = str(source.get("name")), source.get("target") or {}
    sums = _sums(scaler, resource, source.get("container"))
    if sums is None:
        return
    requested, limit = sums
    wanted = _wanted(target, requested)
    if wanted is None or limit > wanted * _TOLERANCE:
        return
    kind = "below" if limit < wanted else "within the tolerance of"
    yield Finding(
        what=f"the {resource} limit of {limit:g} m is {kind} the target of {wanted:g} m",
        where=_place(scaler, resource),
        why=f"{scaler.hpa.locate('spec', 'metrics', index)} asks for {_shown(target)}"
        f" of {requested:g} m",
        fix=f"raise the limit beyond {wanted * _TOLERANCE:g}m, or lower the target.",
        severity=Severity.ERROR if limit < wanted else Severity.WARNING,
    )


def _sums(scaler: Scaler, resource: str, named: str | None) -> tuple[float, float] | None:
    """Requests and limits of the containers that count; None where one has no limit."""
    if scaler.target is None:
        return None
    counting = [
        each for each in containers(scaler.target) if each.stays and named in (None, each.name)
    ]
    limits = [each.limit(resource) for each in counting]
    requests = [each.request(resource) for each in counting]
    if not counting or None in limits or None in requests:
        return None
    return sum(map(milli, requests)), sum(map(milli, limits))


def _wanted(target: Mapping[str, Any], requested: float) -> float | None:
    if target.get("averageUtilization") is not None:
        return requested * float(target["averageUtilization"]) / 100
    value = target.get("averageValue")
    return None if value is None else float(milli(value))


def _shown(target: Mapping[str, Any]) -> str:
    if target.get("averageUtilization") is not None:
        return f"{target['averageUtilization']} %"
    return str(target.get("averageValue"))


def _place(scaler: Scaler, resource: str) -> Any:
    assert scaler.target is not None
    first = next(each for each in containers(scaler.target) if each.stays)
    found = dig(first.body, "resources", "limits", resource)
    return first.locate("resources", "limits", resource) if found else first.locate("name")
